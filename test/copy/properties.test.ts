import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runCopy } from '../../harness/sim/run-copy.ts';
import { TOKIO_FAMILIES } from '../../src/copy/dialect-table.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { LedgerStream, type Behaviour } from './ledger-stream.ts';

const DIALECTS = ['checked', ...TOKIO_FAMILIES.map(({ since }) => `tokio-${since}`), 'tokio-1.21.0-debug'];

const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant('p' as const)), { maxLength: 60 });
const waits = fc.array(fc.constantFrom('ok' as const, 'p' as const), { maxLength: 6 });
const behaviour: fc.Arbitrary<Behaviour> = fc.record({ read: sizes, write: sizes, flush: waits, shutdown: waits });
const payload = fc.uint8Array({ maxLength: 600 });

/** Small buffers where the dialect has sizes, so that short reads and full buffers meet. */
function optionsOf(name: string, bufferBytes: number): Parameters<typeof runCopy>[2] {
  const dialect = resolveDialect(name);
  return dialect.hasBufferSizes ? { dialect, bufferBytes } : { dialect: { ...dialect, bufferBytes } };
}

test.each(DIALECTS)('%s: every byte arrives once and in order, both ways, then the end', (name) => {
  fc.assert(
    fc.property(
      payload,
      payload,
      behaviour,
      behaviour,
      fc.integer({ min: 1, max: 64 }),
      (up, down, left, right, size) => {
        const a = new LedgerStream(up, left);
        const b = new LedgerStream(down, right);
        const run = runCopy(a, b, optionsOf(name, size));
        expect(run.outcome.kind).toBe('completed');
        expect(run.counts).toEqual({ aToB: up.length, bToA: down.length });
        expect(b.written).toEqual([...up]);
        expect(a.written).toEqual([...down]);
        expect([a.ended, b.ended, a.flushedTo, b.flushedTo]).toEqual([true, true, down.length, up.length]);
      },
    ),
    { numRuns: 300 },
  );
});

/** Everything that a stream in JavaScript can say and that is no integer in 1 … offered. */
const lie = fc.oneof(
  fc.constantFrom(
    undefined,
    null,
    Number.NaN,
    Infinity,
    -Infinity,
    '68',
    '',
    true,
    {},
    Object.create(null),
    68n,
    Symbol('68'),
    -1,
    0,
    0.5,
  ),
  fc.integer({ min: 1, max: 70_000 }).map((beyond) => ({ beyond })),
  fc.integer({ min: -0x7fffffff, max: -1 }).filter((n) => n !== -0x40000000),
  fc.double({ noInteger: true }),
);

test('checked: any wrong count ends the copy with that error, the bytes before it intact', () => {
  fc.assert(
    fc.property(
      payload.filter((bytes) => bytes.length > 0),
      behaviour,
      fc.nat({ max: 20 }),
      lie,
      (up, right, after, told) => {
        const a = new LedgerStream(up, { read: [], write: [], flush: [], shutdown: [] });
        const b = new LedgerStream(new Uint8Array(0), right);
        let writes = 0;
        let offered = 0;
        const honest = b.pollWrite.bind(b);
        b.pollWrite = (cx, bytes, start, end) => {
          writes += 1;
          if (writes <= after) return honest(cx, bytes, start, end);
          offered = end - start;
          // Typed as a number, as a mistaken stream in JavaScript would be.
          return (isBeyond(told) ? offered + told.beyond : told) as number;
        };
        // Recorded too: what cannot be counted must still be kept.
        const recorder = new Recorder({ keptRecords: 1, ringRecords: 256 });
        const run = runCopy(a, b, { dialect: resolveDialect('checked'), bufferBytes: 16, recorder });
        // With few bytes and many honest writes the lie is never told: then the copy is simply right.
        const expected =
          offered === 0
            ? { kind: 'completed' }
            : { kind: 'failed', error: { code: 'WRITE_COUNT_INVALID', details: { direction: 'a -> b', offered } } };
        expect(run.outcome).toMatchObject(expected);
        expect(b.written).toEqual([...up.subarray(0, run.counts.aToB)]);
      },
    ),
    { numRuns: 1000 },
  );
});

function isBeyond(told: unknown): told is { beyond: number } {
  return typeof told === 'object' && told !== null && 'beyond' in told;
}
