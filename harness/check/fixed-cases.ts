import type { CaseStep, StreamCase } from './stream-case.ts';
import type { Subject } from './subject.ts';

const TURN: CaseStep = { kind: 'turn' };
const FLUSH: CaseStep = { kind: 'flush' };
const SHUTDOWN: CaseStep = { kind: 'shutdown' };
const FAR_END: CaseStep = { kind: 'far-end' };
const FAIL: CaseStep = { kind: 'fail' };
const POLL_READ: CaseStep = { kind: 'poll', half: 'read' };
const POLL_WRITE: CaseStep = { kind: 'poll', half: 'write' };

const write = (bytes: number, given = false): CaseStep =>
  given ? { kind: 'write', bytes, given } : { kind: 'write', bytes };
const read = (bytes: number): CaseStep => ({ kind: 'read', bytes });
const chunk: CaseStep = { kind: 'read', bytes: 1, chunk: true };
const farWrite = (bytes: number): CaseStep => ({ kind: 'far-write', bytes });
const farRead = (bytes: number): CaseStep => ({ kind: 'far-read', bytes });

/** More than lies beneath a stream. */
const BENEATH_BYTES = 3 * 65_536;

/**
 * The cases that are run first, whatever the seed: each of them small, and about one thing that goes wrong in adapters. Of
 * a breach that they find there is little to be made smaller.
 */
export function fixedCases({ carriesHalfClose, maxBufferedBytes }: Subject): StreamCase[] {
  return [
    ...PLAIN.map((steps) => ({ inner: {}, steps })),
    ...PLAIN.map((steps) => ({ inner: { capacityBytes: 16, pendingEvery: 2 }, steps })),
    ...IN_PARTS,
    ...AT_ONCE,
    ...(carriesHalfClose ? [...ENDS, ...FAILURES] : FAILURES),
    fill(maxBufferedBytes, carriesHalfClose),
    flood(maxBufferedBytes),
    { inner: {}, steps: [], endsFirst: 'far' },
  ];
}

const PLAIN: readonly (readonly CaseStep[])[] = [
  [],
  [write(1)],
  [write(68), FLUSH, farRead(68), TURN],
  [write(68, true), FLUSH, farRead(68), TURN],
  [farWrite(302), read(302)],
  [farWrite(10), read(1), read(1), read(100)],
  [farWrite(10), chunk, chunk],
  // A flush with nothing to flush, and two in a row.
  [FLUSH, TURN, write(10), FLUSH, FLUSH, TURN],
  // Who waits is woken by what comes.
  [read(10), TURN, farWrite(5), TURN, read(10), TURN, farWrite(5), TURN],
  // Polls that nobody asked for.
  [read(10), POLL_READ, POLL_READ, POLL_WRITE, farWrite(5), POLL_READ, TURN],
  // Another task takes over: the waker before is nobody's.
  [read(10), { kind: 'poll', half: 'read', newWaker: true }, TURN, farWrite(5), TURN],
  // Writes one after the other, and nobody waits for a flush between.
  [farRead(1000), write(100), TURN, write(100), TURN, write(100, true), TURN],
];

/** Where the inner side takes and gives only part of what it could. */
const IN_PARTS: readonly StreamCase[] = [
  { inner: { capacityBytes: 10 }, steps: [write(25), TURN, farRead(10), TURN, farRead(15), TURN] },
  { inner: { chunkBytes: 3 }, steps: [write(10), farWrite(10), read(10), read(10), TURN] },
  // Many reads and many writes: what each of them leaves behind adds up.
  { inner: { chunkBytes: 61 }, steps: [farWrite(8000), write(8000), TURN] },
  // Both halves wait at once, and are woken one after the other, either first.
  { inner: { capacityBytes: 10 }, steps: [read(10), write(25), TURN, farRead(25), TURN, farWrite(5), TURN] },
  { inner: { capacityBytes: 10 }, steps: [write(25), read(10), TURN, farWrite(5), TURN, farRead(25), TURN] },
  // What waits to be written grows, and is given up for a shutdown.
  { inner: { capacityBytes: 10 }, steps: [write(15), write(20), TURN, farRead(35), TURN] },
  {
    inner: { capacityBytes: 10 },
    steps: [write(25), { kind: 'poll', half: 'write', newWaker: true }, TURN, farRead(25), TURN],
  },
  // A flush that has to wait, and a write while it does.
  { inner: { capacityBytes: 10, holds: true }, steps: [write(20), FLUSH, TURN, farRead(30), TURN] },
  { inner: { capacityBytes: 10, holds: true }, steps: [write(20), FLUSH, write(5), TURN, farRead(30), FLUSH, TURN] },
  { inner: { holds: true }, steps: [write(20), FLUSH, farRead(20), TURN] },
  { inner: { pendingEvery: 1 }, steps: [write(10), FLUSH, farWrite(10), read(4), TURN, read(4), TURN] },
  { inner: { pendingEvery: 1, holds: true }, steps: [write(10), FLUSH, write(5), FLUSH, farRead(15), TURN] },
];

/** Wakes from inside a poll. */
const AT_ONCE: readonly StreamCase[] = [
  { inner: { pendingEvery: 1, wakesAtOnce: true }, steps: [read(10), farWrite(5), TURN, write(10), FLUSH, TURN] },
  // Writing wakes the far end, which answers from inside that call, and so wakes the reading half.
  {
    inner: { capacityBytes: 4, wakesAtOnce: true },
    steps: [farRead(100), farWrite(20), read(3), read(3), write(10), TURN, read(20), write(10), TURN],
  },
  {
    inner: { capacityBytes: 4, wakesAtOnce: true },
    steps: [farWrite(20), read(4), read(4), read(4), TURN, read(4), farRead(9), write(9), read(4), TURN],
  },
];

const ENDS: readonly StreamCase[] = [
  { inner: {}, steps: [write(10), SHUTDOWN, farRead(100), TURN, SHUTDOWN, write(1), TURN] },
  { inner: { capacityBytes: 10 }, steps: [write(25), SHUTDOWN, TURN, farRead(100), TURN] },
  { inner: { capacityBytes: 10, holds: true }, steps: [write(25), SHUTDOWN, TURN, SHUTDOWN, farRead(100), TURN] },
  // One half ends, the other goes on.
  { inner: {}, steps: [SHUTDOWN, farRead(10), TURN, farWrite(50), read(10), TURN, read(100), TURN] },
  { inner: {}, steps: [read(10), SHUTDOWN, TURN, farWrite(50), TURN, read(100), TURN] },
  { inner: {}, steps: [FAR_END, read(10), TURN, read(10), write(50), FLUSH, farRead(50), TURN] },
  { inner: {}, steps: [farWrite(50), FAR_END, read(10), TURN, read(100), TURN, read(1), TURN] },
  { inner: {}, steps: [read(10), TURN, FAR_END, TURN, read(10), TURN] },
  { inner: { pendingEvery: 1 }, steps: [write(10), SHUTDOWN, TURN, FAR_END, read(5), TURN] },
];

const FAILURES: readonly StreamCase[] = [
  { inner: {}, steps: [FAIL, TURN] },
  { inner: {}, steps: [read(10), TURN, FAIL, TURN] },
  { inner: { capacityBytes: 10 }, steps: [write(25), TURN, FAIL, TURN] },
  { inner: { capacityBytes: 10, holds: true }, steps: [write(25), FLUSH, TURN, FAIL, TURN] },
  { inner: {}, steps: [write(10), FAIL, FLUSH, TURN] },
];

/** Nobody reads, and the writer goes on until it is held back, or has written more than it should have been able to. */
function fill(maxBufferedBytes: number, carriesHalfClose: boolean): StreamCase {
  const most = write(maxBufferedBytes + BENEATH_BYTES);
  // What waits by then need not be written as well.
  return { inner: {}, steps: carriesHalfClose ? [most, TURN, SHUTDOWN] : [most, TURN] };
}

/**
 * One byte of a great many is read at a time, and with each read the stream could take from beneath all that is there. Then it is
 * over: who reads little at a time need not read the rest.
 */
function flood(maxBufferedBytes: number): StreamCase {
  const bytes = maxBufferedBytes + BENEATH_BYTES;
  const reads = Array.from({ length: Math.ceil(bytes / 65_536) }, () => [read(1), TURN]).flat();
  return { inner: {}, steps: [farWrite(bytes), ...reads, FAIL, TURN] };
}
