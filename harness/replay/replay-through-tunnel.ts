import type { FlowDirection } from '../capture/tcp-flow.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { LiveSetup, PeerStep } from '../scenario/live/live-setup.ts';
import { RelayThreads } from '../scenario/live/relay-threads.ts';
import { runLive } from '../scenario/live/run-live.ts';
import type { Conversation } from './conversation.ts';
import type { ReplayResult } from './replay-result.ts';
import { replayLimitMs } from './replay-limit.ts';
import { replayScenario } from './replay-scenario.ts';
import { sideSteps } from './side-steps.ts';

export interface TunnelReplayOptions {
  readonly title: string;
  readonly adapter: NonNullable<LiveSetup['adapter']>;
  readonly dialect: string;
  readonly plan?: FaultPlan | undefined;
  readonly rhythm: boolean;
  /** Nothing came of it for so long: it is parked. */
  readonly limitMs: number;
  /** The relay's trace goes there. */
  readonly tracePath?: string | undefined;
  readonly signal: AbortSignal;
}

/** What has left the relay may still be on its way through the tunnel's other end. */
const GRACE_MS = 5000;

/**
 * Replays a conversation through our tunnel, with real sockets on the loopback: a client, a relay in a supervised Worker, the tunnel's
 * server, and a server of our own behind it. Throws what the relay's start throws, such as TRACE_UNWRITABLE.
 */
export async function replayThroughTunnel(
  conversation: Conversation,
  options: TunnelReplayOptions,
): Promise<ReplayResult> {
  const { title, adapter, dialect, plan, rhythm, tracePath, signal } = options;
  const setup: LiveSetup = {
    relay: 'tunnel',
    adapter,
    client: peerSteps(conversation, 0, rhythm),
    origin: peerSteps(conversation, 1, rhythm),
    limitMs: replayLimitMs(conversation, options),
  };
  const scenario = replayScenario(conversation, { title, dialects: [dialect], plan, rhythm });
  const threads = new RelayThreads();
  try {
    const run = await runLive(scenario, setup, { dialect, threads, tracePath, graceMs: GRACE_MS, signal });
    const { outcome, direction, code, counts, delivered, findings } = run;
    // A copy that has ended waits for nothing any more, though its trace may have it otherwise.
    const waits = outcome === 'completed' || outcome === 'failed' ? [] : run.waits;
    return { outcome, direction, code, counts, arrived: [delivered.aToB, delivered.bToA], waits, findings };
  } finally {
    await threads.close();
  }
}

function peerSteps(conversation: Conversation, from: FlowDirection, rhythm: boolean): PeerStep[] {
  const said = conversation.said[from];
  // What comes in pieces would come in other pieces, and nobody counts on it: a stream has none.
  return sideSteps(conversation, from, { rhythm, pieces: rhythm }).map((step): PeerStep => {
    switch (step.kind) {
      case 'wait':
        return { receive: step.received };
      case 'wait-end':
        // More than comes: until the other side has ended.
        return { receive: Infinity };
      case 'pause':
        return { waitMs: step.ms };
      case 'say':
        return { send: said.subarray(step.start, step.end) };
      case 'end':
      case 'reset':
        return step.kind;
    }
  });
}
