import { systemClock } from '../../../src/poll/clock.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import type { Conversation } from '../conversation.ts';
import type { ReplayResult } from '../replay-result.ts';
import { DIRECTIONS } from '../track.ts';
import type { Endpoint } from './connect-socks5.ts';
import { FarEnd } from './far-end.ts';
import { openLink, type RelayKind } from './open-link.ts';
import { ReplayPeer } from './replay-peer.ts';
import { SocketLink } from './socket-link.ts';

export interface RelayReplayOptions {
  readonly via: RelayKind;
  /** The relay. */
  readonly through: Endpoint;
  /** Where our server is to listen: where the relay leads to. Port 0 takes a free one. */
  readonly listen: Endpoint;
  readonly rhythm: boolean;
  /** If nothing has moved for so long, the relay is parked. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** So often it is looked whether anything has moved: a part of the limit. */
const LOOKS = 10;
/** So long a client that was turned away waits for a connection that may be on its way. */
const GRACE_MS = 400;

/** The two sides, and when something last moved. */
interface Both {
  a: ReplayPeer | null;
  b: ReplayPeer | null;
  movedMs: number;
}

/**
 * Replays a conversation through a relay of somebody else: a client of ours connects to it, and it to a server of ours. What it does
 * inside nobody can see: it is judged by what comes out. Throws REPLAY_LISTEN_FAILED, REPLAY_UNREACHABLE, REPLAY_REFUSED.
 */
export async function replayThroughRelay(
  conversation: Conversation,
  options: RelayReplayOptions,
): Promise<ReplayResult> {
  const { rhythm, limitMs, signal } = options;
  const farEnd = await FarEnd.listen(options.listen);
  const both: Both = { a: null, b: null, movedMs: systemClock.nowMs() };
  const onMove = (): void => {
    both.movedMs = systemClock.nowMs();
  };
  const over = new AbortController();
  try {
    farEnd.open();
    const pace = { rhythm, pieces: true };
    const arrived = farEnd.arrived.then((socket) => {
      both.b = new ReplayPeer(conversation, 1, { link: new SocketLink(socket), pace, onMove });
      return both.b;
    });
    const link = await openLink({ ...options, target: farEnd.address });
    onMove();
    both.a = new ReplayPeer(conversation, 0, { link, pace, onMove });
    const done = Promise.all([both.a.over, arrived.then((peer) => peer.over)]).then(() => 'over' as const);
    const turnedAway = both.a.over.then(() => after(GRACE_MS)).then(() => (both.b === null ? ('over' as const) : done));
    const stop = AbortSignal.any([signal, over.signal]);
    const end = await Promise.race([done, turnedAway, nothingMoves(both, limitMs, stop)]);
    return resultOf(conversation, both, end === 'over');
  } finally {
    over.abort();
    both.a?.destroy();
    both.b?.destroy();
    farEnd.close();
  }
}

function resultOf(conversation: Conversation, { a, b }: Both, isOver: boolean): ReplayResult {
  const arrived = [b?.received ?? new Uint8Array(), a?.received ?? new Uint8Array()] as const;
  const failure = a?.failure ?? b?.failure ?? (isOver && b === null ? 'REPLAY_NOT_CONNECTED' : null);
  // What it does inside nobody sees.
  const common = { arrived, counts: null, findings: [] };
  if (failure !== null) return { ...common, outcome: 'failed', direction: null, code: failure, waits: [] };
  if (isOver) return { ...common, outcome: 'completed', direction: null, code: null, waits: [] };
  const waits = [
    ...(b === null ? ['nobody has connected to the server at the far end'] : []),
    ...[a, b].flatMap((peer) => (peer === null || peer.waitsFor === null ? [] : [peer.waitsFor])),
    ...(a?.hasEnded === false && b?.isDone === true ? ['a has not seen the end of b'] : []),
    ...(b?.hasEnded === false && a?.isDone === true ? ['b has not seen the end of a'] : []),
  ];
  const direction = firstMissing(conversation, arrived, { a, b });
  return { ...common, outcome: 'parked', direction, code: null, waits };
}

/** The direction of the first thing that was done and has not arrived: what came after it waits for it. */
function firstMissing(
  { turns }: Conversation,
  arrived: readonly [Uint8Array, Uint8Array],
  { a, b }: Pick<Both, 'a' | 'b'>,
): Direction | null {
  const ended = [b?.hasEnded ?? false, a?.hasEnded ?? false];
  const turn = turns.find(({ from, kind, end }) => (kind === 'bytes' ? arrived[from].length < end : !ended[from]));
  return turn === undefined ? null : DIRECTIONS[turn.from];
}

/** Resolves when nothing has moved for so long, or nobody wants to know any more. */
async function nothingMoves(both: Both, limitMs: number, signal: AbortSignal): Promise<'parked'> {
  while (!signal.aborted) {
    const isPausing = both.a?.isPausing === true || both.b?.isPausing === true;
    if (isPausing) both.movedMs = systemClock.nowMs();
    if (systemClock.nowMs() - both.movedMs >= limitMs) break;
    await after(Math.max(1, limitMs / LOOKS), signal);
  }
  return 'parked';
}

function after(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = systemClock.after(ms, resolve);
    signal?.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
