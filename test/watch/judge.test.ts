import { expect, test } from 'vitest';
import type { StackFrame } from '../../src/trace/trace-note.ts';
import type { Evidence } from '../../src/watch/evidence.ts';
import { judge } from '../../src/watch/judge.ts';

const nothing: Evidence = {
  silentMs: 270,
  cpu: 1,
  frames: null,
  noStack: null,
  runsMicrotasks: false,
  recorded: null,
  systemCall: null,
  isReady: false,
  isInSameFunction: false,
};

const frame = (name: string, url: string, locals: Record<string, string> = {}): StackFrame => ({
  function: name,
  url,
  line: 12,
  column: 3,
  locals: Object.entries(locals).map(([local, value]) => ({ name: local, value })),
});
const LOOP = frame('CopyBuffer.#loop', 'file:///app/src/copy/copy-buffer.js', { 'this.pos': '69', 'this.cap': '68' });
const RELAY = frame('relay', 'file:///app/relay.js');
const NODE = frame('listOnTimeout', 'node:internal/timers');

const still = { rounds: 0, records: 0, bytes: 0, connection: 1, direction: 'a -> b' } as const;

function told(evidence: Partial<Evidence>): string {
  const { outcome, loop, where, message } = judge({ ...nothing, ...evidence });
  return [outcome, loop ?? '-', where ?? '-', message].join(' | ');
}

test('a loop that the recorder sees go round is spinning, with or without a stack', () => {
  expect(told({ recorded: { ...still, rounds: 5 }, frames: [LOOP, NODE] })).toBe(
    'spinning | synchronous | copy | The loop of the copy goes round without I/O (a -> b of connection 1, pos 69, cap 68): the event loop has not turned for 270 ms',
  );
  expect(told({ recorded: { ...still, rounds: 5 }, noStack: 'does not pause' })).toBe(
    'spinning | synchronous | copy | The loop of the copy goes round without I/O (a -> b of connection 1): the event loop has not turned for 270 ms; no stack: does not pause',
  );
});

test('calls that move no byte are livelocked, in microtasks too', () => {
  expect(told({ recorded: { ...still, records: 9000 }, runsMicrotasks: true, frames: [LOOP] })).toBe(
    'livelocked | microtask | copy | The copy goes on making calls that move no byte (a -> b of connection 1): the event loop has not turned for 270 ms',
  );
});

test('a copy that moves bytes without pause works, and keeps others waiting', () => {
  expect(told({ recorded: { ...still, records: 9000, bytes: 4_000_000 }, frames: [LOOP] })).toBe(
    'busy | synchronous | copy | The copy moves bytes without pause (a -> b of connection 1): the event loop has not turned for 270 ms',
  );
});

test('work outside a copy is busy, and a loop once it stays in one function', () => {
  expect(told({ recorded: still, frames: [RELAY, NODE] })).toBe(
    'busy | synchronous | outside | The thread works in relay (relay.js:12), outside any copy: the event loop has not turned for 270 ms',
  );
  expect(told({ recorded: still, frames: [RELAY, NODE], isInSameFunction: true, silentMs: 2040 })).toBe(
    'spinning | synchronous | outside | A loop does not end in relay (relay.js:12), outside any copy: the event loop has not turned for 2.0 s',
  );
});

test('a stream that works within a copy is told as the copy’s', () => {
  expect(told({ frames: [RELAY, LOOP, NODE] })).toBe(
    'busy | synchronous | copy | The thread works in relay (relay.js:12), called by a copy: the event loop has not turned for 270 ms',
  );
});

test('microtasks without end are told apart from a loop', () => {
  expect(told({ frames: [RELAY], runsMicrotasks: true, isInSameFunction: true })).toContain(
    'spinning | microtask | outside | Microtasks follow one another without end in relay',
  );
});

test('a thread that uses no processor and does not pause is blocked, in the call that the kernel names', () => {
  expect(told({ cpu: 0, noStack: 'does not pause', systemCall: 'read of pipe:[17]' })).toBe(
    'blocked | - | outside | The thread stands in the system call read of pipe:[17]: the event loop has not turned for 270 ms; no stack: does not pause',
  );
  expect(told({ cpu: 0, systemCall: 'epoll_pwait' })).toContain('epoll_pwait, as execSync and its like do');
  expect(told({ cpu: null, systemCall: null })).toContain('busy');
});

test('a thread that is ready and gets no processor is said to be so', () => {
  expect(told({ cpu: 0, isReady: true })).toContain(
    'blocked | - | outside | The thread is ready, and gets no processor',
  );
});

test('native code that does not pause works', () => {
  expect(told({ cpu: 0.9, noStack: 'does not pause' })).toBe(
    'busy | synchronous | outside | The thread works in native code, outside any copy: the event loop has not turned for 270 ms; no stack: does not pause',
  );
});
