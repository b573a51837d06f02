import { expect, test } from 'vitest';
import { PENDING } from '../../src/poll/pending.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { keepAlive, type KeepAliveOptions } from '../../src/streams/keep-alive.ts';
import { memoryPair } from '../../src/streams/memory-pair.ts';
import { Kind, SOCKET_STATES } from '../../src/trace/event-kind.ts';
import { manualClock } from '../faults/support/manual-clock.ts';

/** One end in the hands of a test: what it was asked, told, and woken. */
function asking(options: Partial<KeepAliveOptions> = {}, wrapped?: PollStream) {
  const clock = manualClock();
  const [near, far] = memoryPair();
  const seen = { asked: 0, woken: 0, told: [] as string[], answer: () => undefined as void };
  const ask = (answered: () => void): void => {
    seen.asked += 1;
    seen.answer = answered;
  };
  const stream = keepAlive(wrapped ?? near, { ask, everyMs: 1000, clock, ...options });
  const context = (half: 'read' | 'write') => ({
    direction: 'b -> a' as const,
    half,
    budget: null,
    register: () => ({
      wake: () => {
        seen.woken += 1;
      },
    }),
    note: (head: number, n: number) => {
      if (head === Kind.SOCKET) seen.told.push(SOCKET_STATES[n] ?? '');
    },
  });
  const bytes = new Uint8Array(16);
  const read = (): number => stream.pollRead(context('read'), bytes, 0, 16);
  const say = (): number => far.pollWrite(context('write'), bytes, 0, 1, false);
  return { clock, seen, stream, read, say, far };
}

test('a peer of which nothing comes is asked, and asked again', () => {
  const { clock, seen, read } = asking();
  expect(read()).toBe(PENDING);
  clock.advance(999);
  expect([seen.woken, seen.asked]).toEqual([0, 0]);
  clock.advance(1);
  expect(seen.woken).toBe(1);
  for (let round = 1; round <= 3; round += 1) {
    expect(read()).toBe(PENDING);
    expect(seen.asked).toBe(round);
    clock.advance(1000);
  }
  expect(seen.told).toEqual(['asked', 'asked', 'asked']);
});

test('its answer is told by the next poll, which it leads to', () => {
  const { clock, seen, read } = asking();
  read();
  clock.advance(1000);
  read();
  const before = seen.woken;
  seen.answer();
  expect(seen.woken).toBe(before + 1);
  expect(seen.told).toEqual(['asked']);
  read();
  expect(seen.told).toEqual(['asked', 'answered']);
});

test('a peer that says something is not asked', () => {
  const { clock, seen, read, say } = asking();
  for (let second = 0; second < 10; second += 1) {
    read();
    clock.advance(900);
    say();
    expect(read()).toBe(1);
  }
  expect(seen.asked).toBe(0);
});

test('one that is silent too often fails the read, and an answer in between begins the count anew', () => {
  const { clock, seen, read } = asking({ giveUpAfter: 2 });
  const silence = (): number => {
    clock.advance(1000);
    return read();
  };
  read();
  silence();
  seen.answer();
  expect(silence()).toBe(PENDING);
  expect(silence()).toBe(PENDING);
  expect(silence()).toBe(PENDING);
  expect(silence).toThrow(expect.objectContaining({ code: 'PEER_SILENT' }));
  expect(seen.asked).toBe(3);
});

test('after the end, a failure or an abort nobody is asked any more', () => {
  const ended = asking();
  ended.read();
  ended.far.pollShutdown({
    direction: 'b -> a',
    half: 'write',
    budget: null,
    register: () => ({ wake: () => undefined }),
  });
  expect(ended.read()).toBe(0);
  const aborted = asking();
  aborted.read();
  aborted.stream.abort?.(new Error('enough'));
  const failed = asking(
    {},
    { ...memoryPair()[0], pollRead: failing, pollWrite: failing, pollFlush: failing, pollShutdown: failing },
  );
  expect(failed.read).toThrow('broken');
  for (const { clock, seen } of [ended, aborted, failed]) {
    expect(clock.next()).toBe(false);
    expect(seen.asked).toBe(0);
  }
});

function failing(): never {
  throw new Error('broken');
}

test('chunks are handed over where the stream beneath hands them over, and count as a sign of life', () => {
  const { stream, clock, seen, say } = asking();
  expect('pollChunk' in stream).toBe(true);
  const cx = { direction: 'b -> a', half: 'read', budget: null, register: () => ({ wake: () => undefined }) } as const;
  const slot = { bytes: new Uint8Array(0), start: 0, end: 0 };
  expect(stream.pollChunk?.(cx, slot)).toBe(PENDING);
  clock.advance(900);
  say();
  expect(stream.pollChunk?.(cx, slot)).toBe(1);
  clock.advance(900);
  expect(stream.pollChunk?.(cx, slot)).toBe(PENDING);
  expect(seen.asked).toBe(0);
  const plain = { pollRead: () => PENDING, pollWrite: () => 0, pollFlush: () => 0, pollShutdown: () => 0 };
  expect('pollChunk' in asking({}, plain).stream).toBe(false);
});

test('a number that is none is refused', () => {
  for (const options of [{ everyMs: 0 }, { giveUpAfter: 0 }, { everyMs: Number.NaN }])
    expect(() => asking(options)).toThrow(expect.objectContaining({ code: 'STREAM_OPTION_INVALID' }));
});
