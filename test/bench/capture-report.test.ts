import { expect, test } from 'vitest';
import { captureReport, captureText, type CaptureRounds } from '../../harness/bench/capture-report.ts';
import type { CaptureMeasurement } from '../../harness/bench/capture-variant.ts';

const counts = { bytes: 500_000_000, packets: 1_000_000, messages: 999_995, payloadBytes: 1, firstBytes: 1 };

/** Three rounds, the last on a machine of half the speed. */
const each = (ms: number): CaptureMeasurement[] =>
  [1, 1, 2].map((slow) => ({ firstMs: ms * 3, ms: ms * slow, peakBytes: 80_000_000 * slow, counts }));
const measured: CaptureRounds = {
  counts,
  rounds: { read: each(25), walk: each(50), frames: each(150), payload: each(300) },
  tshark: { tsharkMs: 20_000, isWhole: false, framesMs: 400, payloadMs: 800 },
};

test('ratios are taken within a round, and times per packet from the medians', () => {
  const { shapes } = captureReport({ big: { ...measured, tshark: null }, small: measured }, 'v26.10.0');
  expect(shapes.big.tshark).toBe(null);
  expect(shapes.small).toEqual({
    bytes: 500_000_000,
    packets: 1_000_000,
    messages: 999_995,
    ms: { read: 25, walk: 50, frames: 150, payload: 300 },
    nsPerPacket: { read: 25, walk: 50, frames: 150, payload: 300 },
    ratios: {
      framesToWalk: { median: 3, min: 3, max: 3 },
      payloadToWalk: { median: 6, min: 6, max: 6 },
      framesToRead: { median: 6, min: 6, max: 6 },
      walkToRead: { median: 2, min: 2, max: 2 },
    },
    peakMegabytes: { read: 160, walk: 160, frames: 160, payload: 160 },
    tshark: { tsharkMs: 20_000, isWhole: false, framesMs: 400, payloadMs: 800, timesFrames: 50, timesPayload: 25 },
  });
});

test('a tshark that was stopped is told as a bound, and the targets stand beside the figures', () => {
  const lines = captureText(captureReport({ big: { ...measured, tshark: null }, small: measured }, 'v26.10.0')).split(
    '\n',
  );
  expect(lines[2]).toBe('big: 500,000,000 bytes, 1,000,000 packets, 999,995 messages');
  expect(lines[8]).toBe('  frames to walk: 3.00 (3.00 … 3.00)   target 2');
  expect(lines[12]).toBe('  tshark: not measured');
  expect(lines[20]).toBe('  frames to walk: 3.00 (3.00 … 3.00)   target 4');
  expect(lines[24]).toBe(
    '  tshark -Y websocket: more than 20,000 ms; whole processes: frames 400 ms, more than 50 times faster, payload 800 ms, more than 25 times   target 15',
  );
});
