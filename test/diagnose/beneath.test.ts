import { expect, test } from 'vitest';
import type { Context } from '../../src/poll/context.ts';
import { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { beneath } from '../../src/streams/beneath.ts';
import { memoryPair } from '../../src/streams/memory-pair.ts';
import { Kind } from '../../src/trace/event-kind.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import { eventText } from '../../harness/report/event-text.ts';
import { scenarioOf, STORY } from '../sim/scenario-of.ts';

function lines(recorder: Recorder): string[] {
  return readRing(recorder.buffer).map((event) => eventText(event).replaceAll(/\s+/g, ' '));
}

test('a stream beneath an adapter tells what was called of it, and what it has given in all', () => {
  const [client, inbound] = memoryPair();
  const [outbound] = memoryPair();
  const recorder = new Recorder();
  const copy = new BidirectionalCopy(beneath(inbound, { sameBytes: true }), outbound, () => undefined, {
    dialect: 'tokio-1.53.1',
    recorder,
  });
  const cx = { direction: 'a -> b', half: 'write', budget: null, register: () => ({ wake: () => undefined }) } as const;
  client.pollWrite(cx, new Uint8Array(68), 0, 68, false);
  copy.poll();
  expect(lines(recorder).slice(0, 4)).toEqual([
    'poll 1',
    'a -> b beneath: read room 8192, got 68',
    'a -> b ledger of a: 68 bytes really given',
    'a -> b read room 8192, got 68',
  ]);
});

/** A socket that counts what it has sent counts the headers of the adapter above it, too. */
test('what the stream beneath counts for itself is not told, for it may be of other bytes', () => {
  const told: number[] = [];
  const cx: Context = {
    direction: 'a -> b',
    half: 'write',
    budget: null,
    register: () => ({ wake: () => undefined }),
    note: (head) => {
      told.push(head);
    },
  };
  const [stream] = memoryPair();
  stream.pollShutdown(cx);
  expect(told).toEqual([Kind.LEDGER]);
  beneath(memoryPair()[0]).pollShutdown(cx);
  expect(told.slice(1)).toEqual([Kind.INNER_SHUTDOWN]);
});

test('a run in memory tells what lies beneath its faults only if it is asked to', () => {
  const plan = { faults: [{ fault: 'count', side: 'b', by: 1 }] } as const;
  const scenario = { ...scenarioOf(STORY), plan };
  const plain = new Recorder();
  const all = new Recorder();
  runScenario(scenario, { dialect: 'tokio-1.12.0', recorder: plain });
  runScenario(scenario, { dialect: 'tokio-1.12.0', recorder: all, beneath: true });
  const beneathLines = lines(all).filter((line) => /beneath|ledger|socket/.test(line));
  expect(lines(plain)).toEqual(lines(all).filter((line) => !beneathLines.includes(line)));
  expect(beneathLines.slice(2)).toEqual([
    'a -> b beneath: write offered 68, took 68',
    'a -> b ledger of b: 68 bytes really taken',
    'b -> a socket of a: its write half is writable',
    'b -> a socket of b: its read half is readable, 302 bytes',
    'a -> b socket of b: its write half is writable',
  ]);
});
