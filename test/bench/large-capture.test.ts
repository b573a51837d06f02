import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { captureLoad } from '../../harness/bench/capture-load.ts';
import { CAPTURE_SHAPES } from '../../harness/bench/capture-variant.ts';
import { writeLargeCapture } from '../../harness/bench/large-capture.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayscope-test-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe.each(CAPTURE_SHAPES)('a capture of %s packets', (shape) => {
  test('holds what its writer says, by every way to look at it', async () => {
    const file = join(folder, `${shape}.pcap`);
    const written = await writeLargeCapture(file, shape, 3_000_000);
    const { bytes, packets, messages, payloadBytes, firstBytes } = written;
    expect(written).toEqual(
      shape === 'big'
        ? { bytes: 3_939_072, packets: 71, messages: 60, payloadBytes: 3_932_220, firstBytes: 870 }
        : { bytes: 3_002_256, packets: 15_557, messages: 15_552, payloadBytes: 1_664_064, firstBytes: 488_864 },
    );
    const found = await Promise.all(
      (['read', 'walk', 'frames', 'payload'] as const).map((variant) => captureLoad(variant)(file)),
    );
    const nothing = { bytes: 0, packets: 0, messages: 0, payloadBytes: 0, firstBytes: 0 };
    expect(found).toEqual([
      { ...nothing, bytes },
      { ...nothing, bytes, packets },
      { ...nothing, packets, messages, payloadBytes },
      { ...nothing, packets, messages, payloadBytes, firstBytes },
    ]);
  });
});
