import { Duplex } from 'node:stream';
import { createWebSocketStream } from 'ws';
import { expect, test } from 'vitest';
import type { CheckOptions, InnerKind, StreamFactory } from '../../../harness/check/check-options.ts';
import { checkStream } from '../../../harness/check/check-stream.ts';
import { STREAM_LAWS } from '../../../harness/check/stream-law.ts';
import { fromTunnelSocket } from '../../../harness/tunnel/from-tunnel-socket.ts';
import { offByOneAdapter } from '../../../harness/tunnel/off-by-one-adapter.ts';
import { beneath } from '../../../src/streams/beneath.ts';
import { fromDuplex } from '../../../src/streams/from-duplex.ts';
import { fromWebSocket } from '../../../src/streams/from-web-socket.ts';
import { fromWebStreams } from '../../../src/streams/from-web-streams.ts';
import { keepAlive } from '../../../src/streams/keep-alive.ts';

/** Few for a test of every day; thousands were run when they were written. */
const RUNS = 25;

type Subject<Kind extends InnerKind> = [
  name: string,
  factory: StreamFactory<Kind>,
  options?: Partial<CheckOptions<Kind>>,
];

const poll: Subject<'poll'>[] = [
  ['an end of a memory pair itself', (inner) => inner],
  ['beneath', (inner) => beneath(inner, { sameBytes: true })],
  ['keepAlive', (inner) => keepAlive(inner, { ask: () => undefined })],
];
const duplex: Subject<'duplex'>[] = [
  ['a Duplex itself', (inner) => inner],
  ['fromDuplex', (inner) => fromDuplex(inner)],
  ['fromWebStreams over a Duplex', (inner) => fromWebStreams(Duplex.toWeb(inner))],
];
const websocket: Subject<'websocket'>[] = [
  ['fromWebSocket', (inner) => fromWebSocket(inner)],
  ['fromTunnelSocket', (inner) => fromTunnelSocket(inner), { peer: (inner) => fromTunnelSocket(inner) }],
];

test.for(poll)('%s keeps every law', async ([, factory]) => {
  expect(await lawsOf(factory, { inner: 'poll' })).toEqual({ broken: [], passed: STREAM_LAWS });
});

test.for(duplex)('%s keeps every law', async ([, factory]) => {
  expect(await lawsOf(factory, { inner: 'duplex' })).toEqual({ broken: [], passed: STREAM_LAWS });
});

test.for(websocket)('%s keeps every law', async ([, factory, options]) => {
  expect(await lawsOf(factory, { inner: 'websocket', ...options })).toEqual({ broken: [], passed: STREAM_LAWS });
});

test('a flush that cannot know yet that its Duplex has failed breaks no law', async () => {
  const report = await checkStream((inner) => fromDuplex(inner), {
    inner: 'duplex',
    case: {
      inner: {},
      steps: [{ kind: 'fail' }, { kind: 'far-read', bytes: 1 }, { kind: 'write', bytes: 1 }, { kind: 'flush' }],
    },
  });
  expect(report.broken).toEqual([]);
});

test('of web streams every law is kept but one, which cannot be asked', async () => {
  const report = await checkStream((inner) => Duplex.toWeb(inner), { inner: 'duplex', runs: RUNS });
  expect(report.broken).toEqual([]);
  expect(report.passed).toEqual(STREAM_LAWS.filter((law) => law !== 're-entrancy'));
  expect(report.text()).toContain(
    'Not applicable: re-entrancy, since web streams answer by promises, never within a call\n',
  );
});

test("the story's adapter breaks the law of counts, and no other", async () => {
  const report = await checkStream((inner) => offByOneAdapter(inner), {
    inner: 'websocket',
    peer: (inner) => fromTunnelSocket(inner),
    runs: RUNS,
  });
  expect(report.broken.map(({ law }) => law)).toEqual(['counts']);
  expect(report.broken[0]?.message).toMatch(/^pollWrite returned (\d+): expected PENDING or an integer in 1\.\.\d+$/);
});

test('the stream of ws takes a connection that breaks for an end', async () => {
  const { broken, passed } = await lawsOf((inner) => createWebSocketStream(inner), {
    inner: 'websocket',
    case: { inner: {}, steps: [{ kind: 'read', bytes: 1 }, { kind: 'fail' }, { kind: 'turn' }] },
  });
  const message = 'A read returned 0, the end of the stream, after 0 bytes, and the far end has not ended';
  expect(broken).toEqual([{ law: 'end', message }]);
  expect(passed).toEqual(STREAM_LAWS.filter((law) => law !== 'end'));
});

async function lawsOf<Kind extends InnerKind>(factory: StreamFactory<Kind>, options: CheckOptions<Kind>) {
  const { broken, passed } = await checkStream(factory, { runs: RUNS, ...options });
  return { broken: broken.map(({ law, message }) => ({ law, message })), passed };
}
