import { expect, test } from 'vitest';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import { SocketState } from '../../../src/trace/event-kind.ts';
import type { ConnectionNote } from '../../../src/trace/trace-note.ts';
import { foundIn } from '../support/found-in.ts';

/** What is found where a writer is closed with bytes in it, after the end of its source. */
function foundWith(sight: ConnectionNote['sight']): string[] {
  const diagnosis = new Diagnosis();
  diagnosis.item({ kind: 'connection', note: { connection: 1, ...(sight === undefined ? {} : { sight }) } });
  const common = { connection: 1, tickMs: 0, direction: 'a -> b' } as const;
  diagnosis.event({ seq: 0, kind: 'read', ...common, n: 9, offered: 9, chunk: true });
  diagnosis.event({ seq: 1, kind: 'write', ...common, cap: 9, n: 9, offered: 9 });
  diagnosis.event({ seq: 2, kind: 'read', ...common, n: 0, offered: 0, chunk: true });
  diagnosis.event({ seq: 3, kind: 'socket', ...common, half: 'write', n: SocketState.CLOSED });
  diagnosis.event({ seq: 4, kind: 'socket', ...common, half: 'write', n: SocketState.DISCARDED, offered: 9 });
  diagnosis.item({ kind: 'connection', note: { connection: 1, end: 'DUPLEX_CLOSED' } });
  diagnosis.end();
  return diagnosis.findings().map((one) => `${one.class} ${one.seq}`);
}

test('bytes that went with a stream of somebody else were lost', () => {
  expect(foundWith('streams')).toEqual(['buffered-data-lost 4']);
});

test('of our own copies their own events say that, and what was discarded may have been on purpose', () => {
  expect(foundWith(undefined)).toEqual([]);
});

/** A trace from elsewhere may say so without end. */
test('what was discarded is kept in mind so many times, and no more', () => {
  const ending = { kind: 'socket', half: 'write' } as const;
  const discarded = Array.from({ length: 1000 }, () => ({ ...ending, n: SocketState.DISCARDED, offered: 9 }));
  const [found] = foundIn([{ kind: 'read', n: 0, offered: 0, chunk: true }, ...discarded], { sight: 'streams' });
  expect([found?.class, found?.more]).toEqual(['buffered-data-lost', 63]);
});
