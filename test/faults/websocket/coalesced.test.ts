import { expect, test } from 'vitest';
import { activeFaults } from '../../../harness/faults/apply-faults.ts';
import type { WebSocketFault } from '../../../harness/faults/websocket/web-socket-fault.ts';
import { Frame } from '../../../harness/faults/websocket/wire/frame.ts';
import type { FrameFault, FrameOutlet } from '../../../harness/faults/websocket/wire/frame-fault.ts';
import { manualClock, type ManualClock } from '../support/manual-clock.ts';

/** When frames that wait for each other go on, other than by being so many. */

const frame = (opcode: number, payload: Buffer): Frame => Frame.of({ fin: true, rsv: 0, opcode, mask: null, payload });
const text = (of: string): Frame => frame(1, Buffer.from(of));

function coalescing(frames: number): { fault: FrameFault; out: FrameOutlet; log: string[]; clock: ManualClock } {
  const clock = manualClock();
  const log: string[] = [];
  const ignored = (): never => {
    throw new Error('Expected no such call');
  };
  const out: FrameOutlet = {
    isDeflateOn: () => false,
    make: ignored,
    frame: ({ opcode, payload }) => void log.push(`${opcode}:${payload.toString('latin1', 0, 5)}`),
    head: ignored,
    bytes: ignored,
    turn: ignored,
    wait: ignored,
    flush: () => void log.push('flush'),
    end: () => void log.push('end'),
    reset: ignored,
  };
  const plan = { faults: [{ fault: 'coalesced', frames, waitMs: 100, half: 'write' as const }] };
  const [active] = activeFaults('websocket', 'b', plan, { connection: 1, recorder: null, clock });
  if (active === undefined) throw new Error('Expected a fault');
  // Level websocket was asked for.
  return { fault: (active.definition as WebSocketFault).open(active), out, log, clock };
}

test('a Close takes along what waits: nothing may come behind it', () => {
  const { fault, out, log } = coalescing(10);
  fault.frame(text('one'), out);
  expect(log).toEqual([]);
  fault.frame(frame(8, Buffer.alloc(0)), out);
  expect(log).toEqual(['1:one', '8:']);
});

test('what waits goes on before the end', () => {
  const { fault, out, log, clock } = coalescing(10);
  fault.frame(text('one'), out);
  fault.end?.(out);
  expect(log).toEqual(['1:one', 'end']);
  expect(clock.next()).toBe(false);
});

test('no more than 16 MiB wait', () => {
  const { fault, out, log } = coalescing(10);
  const half = frame(2, Buffer.alloc(8 * 1024 * 1024, 'x'));
  fault.frame(half, out);
  expect(log).toEqual([]);
  fault.frame(half, out);
  expect(log).toEqual(['2:xxxxx', '2:xxxxx']);
});

test('each lot waits for its own time, not for what was left of the one before', () => {
  const { fault, out, log, clock } = coalescing(2);
  fault.frame(text('one'), out);
  fault.frame(text('two'), out);
  expect(log.splice(0)).toEqual(['1:one', '1:two']);
  clock.advance(50);
  fault.frame(text('three'), out);
  clock.advance(99);
  expect(log).toEqual([]);
  clock.advance(1);
  expect(log).toEqual(['1:three', 'flush']);
});
