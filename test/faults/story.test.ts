import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { FaultPlan } from '../../harness/faults/fault-plan.ts';
import { faultyWebSocket } from '../../harness/faults/faulty-web-socket.ts';
import { diffTraces, type TraceDiff } from '../../harness/report/diff-traces.ts';
import { EventFilter } from '../../harness/report/event-filter.ts';
import { inspectedItems } from '../../harness/report/inspected-item.ts';
import { offByOneAdapter } from '../../harness/tunnel/off-by-one-adapter.ts';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import type { DialectName } from '../../src/copy/dialect.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { EVENT_KINDS } from '../../src/trace/event-kind.ts';
import { readRing } from '../../src/trace/read-ring.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import { tcpPair } from '../streams/support/sockets.ts';
import { webSocketPair } from '../tunnel/support/web-socket-pair.ts';
import { REQUEST } from './support/cases.ts';

const PLAN: FaultPlan = { faults: [{ fault: 'count', by: 1, side: 'b' }] };
const HEADER: FaultPlan = { faults: [{ fault: 'header-counted', header: 1, side: 'b' }] };

type Adapt = (ws: WebSocket, recorder: Recorder) => PollStream;

const wrong: Adapt = (ws) => offByOneAdapter(ws);
const faulty =
  (plan: FaultPlan): Adapt =>
  (ws, recorder) =>
    faultyWebSocket(ws, plan, { recorder });

interface Story {
  readonly code: string;
  readonly recorder: Recorder;
  /** What the other end of the WebSocket got: a byte of kind before the payload. */
  readonly message: string;
}

/** The story's client: curl's request is there when the copy begins; a WebSocket behind it. */
async function story(adapt: Adapt, dialect: DialectName): Promise<Story> {
  const { near, far } = await tcpPair();
  // The copy fails, and resets what it was given.
  far.on('error', () => undefined);
  const { ours, peer } = await webSocketPair();
  const arrived = once(near, 'readable');
  far.write(REQUEST);
  await arrived;
  const messages: string[] = [];
  peer.on('message', (data: Buffer) => messages.push(data.toString()));
  const recorder = new Recorder();
  const error: unknown = await copyBidirectional(fromSocket(near), adapt(ours, recorder), {
    dialect,
    recorder,
    limits: { idleIterations: 1000 },
  }).catch((reason: unknown) => reason);
  while (messages.length === 0) await nextTurn();
  return { code: (error as { code: string }).code, recorder, message: messages[0] ?? '' };
}

/** As `relayscope diff` compares, fault events aside. */
function compare(good: Recorder, bad: Recorder): Promise<TraceDiff> {
  const kinds = new Set(EVENT_KINDS.filter((kind) => kind !== 'fault'));
  const items = (recorder: Recorder): ReturnType<typeof inspectedItems> =>
    inspectedItems(itemsOf(recorder), new AbortController().signal);
  return diffTraces(items(good), items(bad), { filter: new EventFilter({ kinds }), only: null });
}

async function* itemsOf(recorder: Recorder) {
  await nextTurn();
  yield* ringItems(recorder.buffer);
}

describe.each([
  ['tokio-1.24.1', 'SPINNING'],
  ['checked', 'WRITE_COUNT_INVALID'],
] as const)('over real WebSockets, %s', (dialect, code) => {
  test.each([
    ['count by 1', PLAN],
    ['header-counted by 1', HEADER],
  ])('the right adapter with the fault %s gives the same trace as the wrong adapter of the story', async (_, plan) => {
    const theirs = await story(wrong, dialect);
    const ours = await story(faulty(plan), dialect);
    expect([theirs.code, ours.code]).toEqual([code, code]);
    expect([theirs.message, ours.message]).toEqual([`\0${REQUEST}`, `\0${REQUEST}`]);
    const diff = await compare(theirs.recorder, ours.recorder);
    expect(diff).toMatchObject({ same: true, unpaired: { good: [], bad: [] } });
    expect(diff.pairs[0]?.steps).toBeGreaterThan(2);
    const kinds = readRing(ours.recorder.buffer).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'fault')).toHaveLength(1);
    expect(kinds[kinds.indexOf('fault') + 1]).toBe('write');
  });
});

test('the comparison would see a difference: the fault by 2 parts at the write', async () => {
  const theirs = await story(wrong, 'checked');
  const ours = await story(faulty({ faults: [{ fault: 'count', by: 2, side: 'b' }] }), 'checked');
  const diff = await compare(theirs.recorder, ours.recorder);
  expect(diff.same).toBe(false);
  expect(diff.pairs[0]?.context('bad').after[0]).toMatchObject({ kind: 'write', n: 70 });
});
