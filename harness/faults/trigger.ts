import { invariant } from '../../src/errors.ts';
import type { FaultEntry } from './fault-plan.ts';

export const TRIGGER_KINDS = ['call', 'every', 'byte', 'frame', 'atMs', 'chance'] as const;
export type TriggerKind = (typeof TRIGGER_KINDS)[number];

/** When an entry fires, with its defaults, as it is asked at each call. */
export interface Trigger {
  readonly kind: TriggerKind | 'always';
  /** Of the kind: a number of calls, bytes, frames or milliseconds, or a probability. */
  readonly at: number;
  /** How often at most; Infinity: without end. */
  readonly times: number;
  /** For how long after the first time; null: for ever. */
  readonly forMs: number | null;
}

/** Those that name one moment fire once, unless the plan says for how long. */
const ONCE: ReadonlySet<string> = new Set<TriggerKind>(['call', 'byte', 'frame', 'atMs']);

export function triggerOf({ when, times, forMs }: FaultEntry): Trigger {
  const [kind = 'always', at = 0] = Object.entries(when ?? {})[0] ?? [];
  invariant(kind === 'always' || isTrigger(kind), `Unknown trigger: ${kind}`);
  const most = forMs === undefined && ONCE.has(kind) ? 1 : Number.POSITIVE_INFINITY;
  return { kind, at, times: times ?? most, forMs: forMs ?? null };
}

function isTrigger(kind: string): kind is TriggerKind {
  return TRIGGER_KINDS.some((one) => one === kind);
}
