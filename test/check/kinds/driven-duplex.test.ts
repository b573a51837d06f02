import type { Duplex } from 'node:stream';
import { expect, test } from 'vitest';
import { checkStream } from '../../../harness/check/check-stream.ts';
import type { StreamCase } from '../../../harness/check/stream-case.ts';
import { STREAM_LAWS, type StreamLaw } from '../../../harness/check/stream-law.ts';
import { PollDuplex } from '../../../harness/check/kinds/poll-duplex.ts';
import type { PollStream } from '../../../src/poll/poll-stream.ts';
import { wrapped, type Wrapping } from './wrapped.ts';

/** What Node promises of a Duplex, and which law it is for the check if that is not kept. */

/** A bit of everything: each of the defects shows in it. */
const ONE_CASE: StreamCase = {
  inner: {},
  steps: [
    { kind: 'far-write', bytes: 10 },
    { kind: 'turn' },
    { kind: 'read', bytes: 20 },
    { kind: 'write', bytes: 100_000 },
    { kind: 'turn' },
    { kind: 'far-read', bytes: 100 },
    { kind: 'flush' },
    { kind: 'turn' },
  ],
};
const RUNS = 20;

type Write = (chunk: Buffer, done?: () => void) => boolean;

/** Puts a `write` of one's own before that of the class. */
function rewritten(make: (wrapper: Duplex, write: Write) => (chunk: Buffer, done: () => void) => unknown): Wrapping {
  return {
    spoil(wrapper) {
      const write = wrapper.write.bind(wrapper) as Write;
      // What it returns may be anything: that is the defect.
      wrapper.write = make(wrapper, write) as typeof wrapper.write;
    },
  };
}

/** Lets an event not come out. */
function without(event: string): Wrapping {
  return {
    spoil(wrapper) {
      const emit = wrapper.emit.bind(wrapper);
      wrapper.emit = (name: string | symbol, ...values: unknown[]) => name !== event && emit(name, ...values);
    },
  };
}

test('a wrapper that passes everything on keeps every law', async () => {
  const report = await checkStream((inner) => wrapped(inner), { inner: 'duplex', runs: RUNS });
  expect(report.passed).toEqual(STREAM_LAWS);
});

const defects: [what: string, law: StreamLaw, wrapping: Wrapping][] = [
  [
    'calls back before write() has returned',
    're-entrancy',
    rewritten((_, write) => (chunk, done) => {
      done();
      return write(chunk);
    }),
  ],
  [
    "emits 'drain' before it says that it is full",
    're-entrancy',
    rewritten((wrapper, write) => (chunk, done) => {
      write(chunk, done);
      wrapper.emit('drain');
      return false;
    }),
  ],
  [
    'calls back twice',
    'counts',
    rewritten(
      (_, write) => (chunk, done) =>
        write(chunk, () => {
          done();
          done();
        }),
    ),
  ],
  [
    'returns nothing',
    'counts',
    rewritten((_, write) => (chunk, done) => {
      write(chunk, done);
    }),
  ],
  ['gives strings', 'counts', { spoil: (wrapper) => wrapper.setEncoding('latin1') }],
  ['never calls back', 'flush', rewritten((_, write) => (chunk) => write(chunk))],
  ["never emits 'finish'", 'shutdown', without('finish')],
  ["never emits 'end'", 'end', without('end')],
  [
    'loses the end',
    'shutdown',
    {
      final: (_, done) => {
        done();
      },
    },
  ],
];

test.for(defects)('a Duplex that %s breaks the law of %s', async ([, law, wrapping]) => {
  const report = await checkStream((inner) => wrapped(inner, wrapping), { inner: 'duplex', case: ONE_CASE });
  expect(report.broken.map(({ law }) => law)).toEqual([law]);
});

test('a Duplex that takes all that it is given, though nobody reads, breaks the law of back-pressure', async () => {
  const endless: Wrapping = {
    write: (inner, chunk, done) => {
      inner.write(chunk);
      done();
    },
  };
  const report = await checkStream((inner) => wrapped(inner, endless), {
    inner: 'duplex',
    maxBufferedBytes: 65_536,
    case: { inner: { capacityBytes: 1024 }, steps: [{ kind: 'write', bytes: 100_000 }, { kind: 'turn' }] },
  });
  expect(report.broken.map(({ law }) => law)).toEqual(['back-pressure']);
});

test('a Duplex that takes from beneath it all that comes, though nobody reads, breaks the law of back-pressure', async () => {
  const report = await checkStream(
    (inner) => {
      const eager = wrapped(inner);
      // As if what push() returns were of no interest.
      inner.pause = () => inner;
      return eager;
    },
    {
      inner: 'duplex',
      maxBufferedBytes: 65_536,
      case: { inner: { capacityBytes: 1024 }, steps: [{ kind: 'far-write', bytes: 100_000 }, { kind: 'turn' }] },
    },
  );
  expect(report.broken.map(({ law }) => law)).toEqual(['back-pressure']);
});

test('a Duplex that tells what there is within on() keeps every law', async () => {
  // As those of readable-stream 2 do, which are still in use: whoever registers after that would wait for ever.
  const report = await checkStream(
    (inner) =>
      wrapped(inner, {
        spoil(wrapper) {
          const on = wrapper.on.bind(wrapper);
          wrapper.on = ((event: 'readable' | 'data', listener: () => void) => {
            on(event, listener);
            if (event === 'readable' && wrapper.readableLength > 0) listener();
            return wrapper;
          }) as typeof wrapper.on;
        },
      }),
    { inner: 'duplex', runs: RUNS },
  );
  expect(report.passed).toEqual(STREAM_LAWS);
});

test('a timer of its own is waited for before a law is said to be broken', async () => {
  const late = (ms: number): Wrapping => ({
    write: (inner, chunk, done) => {
      setTimeout(() => inner.write(chunk, done), ms);
    },
  });
  const steps = [{ kind: 'far-read', bytes: 1 }, { kind: 'write', bytes: 1 }, { kind: 'turn' }] as const;
  const soon = await checkStream((inner) => wrapped(inner, late(20)), { inner: 'duplex', case: { inner: {}, steps } });
  expect(soon.broken).toEqual([]);
  const never = await checkStream((inner) => wrapped(inner, late(60_000)), {
    inner: 'duplex',
    case: { inner: {}, steps },
  });
  expect(never.broken.map(({ law }) => law)).toEqual(['flush']);
});

test('a Duplex over a polled stream keeps every law, though it hears of a failure only by an event', async () => {
  const over = (stream: PollStream): Duplex =>
    new PollDuplex(stream, { highWaterMarkBytes: 100, hangUp: () => undefined, onActivity: () => undefined });
  expect(await checkStream((inner) => over(inner), { runs: 100 })).toMatchObject({ broken: [], passed: STREAM_LAWS });
});
