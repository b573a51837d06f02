import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { applyFaults } from '../../harness/faults/apply-faults.ts';
import type { FaultEntry } from '../../harness/faults/fault-plan.ts';
import { POLL_FAULTS } from '../../harness/faults/poll/poll-faults.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { CopyError } from '../../src/copy/copy-error.ts';
import { systemClock } from '../../src/poll/clock.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { tcpPair } from '../streams/support/sockets.ts';
import { REQUEST, RESPONSE } from './support/cases.ts';

/**
 * Every fault in front of a real socket, under `checked`: the story with one more round, of other lengths and not in ASCII.
 * Each row: at side b unless it says otherwise; the code with which the copy fails, `completed`, or `stuck`; what reaches the
 * client and the server, in bytes, unless the copy fails: its streams are reset then, whatever was on its way.
 */
const ROWS: readonly Row[] = [
  [{ fault: 'count' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'header-counted' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'count-undefined' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'count-nan' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'count-string' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'count-negative' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'count-fraction' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'kernel-filter' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'zero-write' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'stale-length' }, 'WRITE_COUNT_INVALID'],
  [{ fault: 'count-nan', half: 'read' }, 'READ_COUNT_INVALID'],
  [{ fault: 'utf16-length' }, 'completed; client 305, server 71'],
  [{ fault: 'partial-over-report' }, 'stuck; client 0, server 67'],
  [{ fault: 'swallow' }, 'stuck; client 0, server 0'],
  [{ fault: 'taken-twice' }, 'completed; client 305, server 140'],
  [{ fault: 'retry-grown' }, 'completed; client 305, server 70'],
  [{ fault: 'takes-everything' }, 'completed; client 305, server 70'],
  [{ fault: 'short' }, 'completed; client 305, server 70'],
  [{ fault: 'late' }, 'completed; client 305, server 70'],
  [{ fault: 'spurious-wake' }, 'completed; client 305, server 70'],
  [{ fault: 'late-wake' }, 'completed; client 305, server 70'],
  [{ fault: 'wake-storm' }, 'completed; client 305, server 70'],
  [{ fault: 'reentrant-wake' }, 'completed; client 305, server 70'],
  [{ fault: 'end-twice' }, 'completed; client 305, server 70'],
  [{ fault: 'data-after-end' }, 'completed; client 305, server 70'],
  [{ fault: 'held-until-flush' }, 'completed; client 305, server 70'],
  [{ fault: 'shutdown-both-ways' }, 'completed; client 305, server 70'],
  [{ fault: 'pending-without-waker', half: 'read' }, 'stuck; client 0, server 68'],
  [{ fault: 'inner-ready-outer-pending', half: 'read' }, 'stuck; client 0, server 68'],
  [{ fault: 'wake-before-register', half: 'read' }, 'stuck; client 0, server 68'],
  [{ fault: 'thread-blocks' }, 'completed; client 305, server 70'],
  [{ fault: 'early-end', half: 'read' }, 'stuck; client 0, server 68'],
  [{ fault: 'empty-read', half: 'read' }, 'stuck; client 0, server 68'],
  [{ fault: 'no-room' }, 'stuck; client 0, server 68'],
  [{ fault: 'early-bytes' }, 'stuck; client 286, server 68'],
  [{ fault: 'leftover-kept' }, 'stuck; client 64, server 68'],
  [{ fault: 'hang-up-loop', when: { call: 1 } }, 'completed; client 305, server 70'],
  [{ fault: 'credit-leak', window: 100 }, 'stuck; client 264, server 68'],
  [{ fault: 'pong-behind-data' }, 'completed; client 305, server 70'],
  [{ fault: 'flush-lies' }, 'stuck; client 0, server 0'],
  [{ fault: 'no-end' }, 'stuck; client 305, server 70'],
  [{ fault: 'shutdown-not-passed-on' }, 'completed; client 305, server 70'],
  [{ fault: 'flush-never-ends' }, 'stuck; client 305, server 70'],
  [{ fault: 'shutdown-never-ends' }, 'stuck; client 305, server 70'],
  [{ fault: 'error' }, 'STREAM_FAILED'],
  [{ fault: 'flush-fails' }, 'STREAM_FAILED'],
  [{ fault: 'shutdown-fails' }, 'STREAM_FAILED'],
  [{ fault: 'shutdown-fails-again' }, 'STREAM_FAILED'],
  [{ fault: 'shutdown-begins-anew', times: 2 }, 'completed; client 305, server 70'],
];

/** Where they meet what they are about is a race over real sockets; in memory each has its case (cases.ts). */
const NOT_HERE = [
  'flush-not-resumed',
  'needs-flush',
  'peer-silent',
  'shutdown-drops-tail',
  'waker-overwritten',
  'readiness-cleared',
  'close-unheard',
];

type Row = readonly [fault: FaultEntry, outcome: string];

const AGAIN = '\u00e9';
const BYE = 'bye';
const [TO_CLIENT, TO_SERVER] = [305, 70];

/** Plays one end: says a text each time that it has got so many bytes in all, and ends when it has said all. */
function play(socket: Socket, lines: readonly (readonly [got: number, text: string])[], all: number): { got: number } {
  const peer = { got: 0 };
  let next = 0;
  const say = (): void => {
    for (let line = lines[next]; line !== undefined && peer.got >= line[0]; line = lines[next]) {
      socket.write(line[1]);
      next += 1;
    }
    if (next === lines.length && peer.got >= all) socket.end();
  };
  socket.on('data', (bytes: Buffer) => {
    peer.got += bytes.length;
    say();
  });
  // The copy resets what it was given when it fails.
  socket.on('error', () => undefined);
  say();
  return peer;
}

async function run(fault: FaultEntry, isStuck: boolean) {
  const [inbound, outbound] = [await tcpPair(), await tcpPair()];
  const recorder = new Recorder();
  const abort = new AbortController();
  const fired = Promise.withResolvers<void>();
  const context = {
    connection: 1,
    recorder,
    clock: systemClock,
    onFire: () => {
      fired.resolve();
    },
  };
  const plan = { faults: [{ side: 'b' as const, ...fault }] };
  const copied = copyBidirectional(
    applyFaults(fromSocket(inbound.near), 'a', plan, context),
    applyFaults(fromSocket(outbound.near), 'b', plan, context),
    { recorder, signal: abort.signal },
  ).then(
    () => 'completed',
    (error: unknown) => (error instanceof CopyError ? error.code : String(error)),
  );
  const server = play(
    outbound.far,
    [
      [68, RESPONSE],
      [70, BYE],
    ],
    TO_SERVER,
  );
  const client = play(
    inbound.far,
    [
      [0, REQUEST],
      [302, AGAIN],
    ],
    TO_CLIENT,
  );
  if (!isStuck) return { outcome: await copied, client, server, recorder };
  await fired.promise;
  // What was on its way has arrived when a connection made since has carried bytes there and back, several times.
  for (let round = 0; round < 3; round += 1) await echo();
  const early = await Promise.race([copied, Promise.resolve('stuck')]);
  abort.abort();
  await copied;
  return { outcome: early, client, server, recorder };
}

async function echo(): Promise<void> {
  const { near, far } = await tcpPair();
  near.pipe(near);
  far.end('x');
  await once(far, 'data');
  await once(far, 'end');
}

test.each(ROWS.map((row) => [JSON.stringify(row[0]), row] as const))('%s over real sockets', async (_, row) => {
  const [fault, expected] = row;
  const ran = await run(fault, expected.startsWith('stuck'));
  const { outcome, client, server } = ran;
  const isFailure = outcome !== 'completed' && outcome !== 'stuck';
  expect(isFailure ? outcome : `${outcome}; client ${client.got}, server ${server.got}`).toBe(expected);
  const kinds = readRing(ran.recorder.buffer).map(({ kind }) => kind);
  expect(kinds).toContain('fault');
});

test('every fault stands in front of a real socket, or is said not to', () => {
  const named = new Set(ROWS.map(([{ fault }]) => fault));
  expect(POLL_FAULTS.map(({ name }) => name).filter((name) => !named.has(name))).toEqual(NOT_HERE.toSorted(byList));
});

function byList(x: string, y: string): number {
  const names = POLL_FAULTS.map(({ name }) => name);
  return names.indexOf(x) - names.indexOf(y);
}
