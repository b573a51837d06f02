import type { FlowDirection } from '../capture/tcp-flow.ts';
import type { RunOutcomeName } from '../scenario/scenario.ts';
import type { Conversation } from './conversation.ts';
import { findParting, type Parting } from './find-parting.ts';
import type { ReplayResult } from './replay-result.ts';

/** `same`: all that was said has arrived. `differs`: it has not, or the relay failed. `stuck`: nobody comes back from that. */
export type ReplayVerdict = 'same' | 'differs' | 'stuck';

export interface JudgedReplay {
  readonly verdict: ReplayVerdict;
  /** Where what arrived of each side's bytes parts from what it said; null: nowhere. */
  readonly partings: readonly [Parting | null, Parting | null];
}

const STUCK: ReadonlySet<RunOutcomeName> = new Set(['spinning', 'livelocked', 'parked', 'starved', 'unfinished']);

/** Compares what arrived with what was captured. */
export function judgeReplay(conversation: Conversation, { outcome, arrived }: ReplayResult): JudgedReplay {
  const partings = [partingOf(conversation, arrived[0], 0), partingOf(conversation, arrived[1], 1)] as const;
  const isSame = partings.every((parting) => parting === null);
  const hasReset = conversation.turns.some(({ kind }) => kind === 'reset');
  // A relay that is broken by a reset of the capture has done what it should.
  const isExpected = outcome === 'completed' || (hasReset && outcome === 'failed');
  const verdict = STUCK.has(outcome) ? 'stuck' : isSame && isExpected ? 'same' : 'differs';
  return { verdict, partings };
}

function partingOf({ said, turns }: Conversation, arrived: Uint8Array, from: FlowDirection): Parting | null {
  const parting = findParting(said[from], arrived);
  if (parting?.kind !== 'end') return parting;
  // Whoever resets the connection no longer wants what it had not got by then.
  const reset = turns.find((turn) => turn.kind === 'reset' && turn.from !== from);
  return reset !== undefined && parting.offset >= reset.after ? null : parting;
}
