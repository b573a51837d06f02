import { expect, test } from 'vitest';
import { WireQueue } from '../../../harness/faults/websocket/wire/wire-queue.ts';
import { manualClock } from '../support/manual-clock.ts';

function queue(): { queue: WireQueue; log: string[]; clock: ReturnType<typeof manualClock> } {
  const log: string[] = [];
  const clock = manualClock();
  const target = {
    write: (bytes: Buffer, done: () => void) => {
      log.push(bytes.toString());
      done();
    },
    end: () => void log.push('end'),
    reset: () => void log.push('reset'),
  };
  return { queue: new WireQueue(target, clock), log, clock };
}

const bytes = (text: string) => ({ kind: 'bytes', bytes: Buffer.from(text) }) as const;

test('a wait stands between what is written together, and what comes meanwhile comes behind', () => {
  const { queue: of, log, clock } = queue();
  for (const item of [bytes('a'), bytes('b'), { kind: 'wait', delayMs: 10 } as const, bytes('c')]) of.push(item);
  of.pump();
  expect([log, of.isIdle]).toEqual([['ab'], false]);
  of.push(bytes('d'));
  of.pump();
  clock.advance(10);
  expect([log, of.isIdle]).toEqual([['ab', 'cd'], true]);
  of.push(bytes('e'));
  of.pump();
  expect([log, of.isIdle]).toEqual([['ab', 'cd', 'e'], true]);
});

test('a queue that is stopped gives up its time, too', () => {
  const { queue: of, log, clock } = queue();
  of.push({ kind: 'wait', delayMs: 1_000_000 });
  of.push(bytes('a'));
  of.pump();
  of.stop();
  expect(clock.next()).toBe(false);
  expect(log).toEqual([]);
});
