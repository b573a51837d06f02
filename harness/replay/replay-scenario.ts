import type { FaultPlan } from '../faults/fault-plan.ts';
import type { FlowDirection } from '../capture/tcp-flow.ts';
import type { Scenario, ScenarioOptions, SideEntry } from '../scenario/scenario.ts';
import type { Conversation } from './conversation.ts';
import { MAX_SAID_BYTES } from './replay-limits.ts';
import { sideSteps, type SideStep } from './side-steps.ts';
import { FILL_SEED } from './track.ts';

/** A conversation is longer than what people write by hand. */
const MAX_POLLS = 10_000_000;
const MAX_STEPS = 100_000_000;
/** So much is far from the limits of any run. */
const SHORT_BYTES = 1 << 20;
const SHORT_TURNS = 10_000;
const NO_FAULTS: FaultPlan = { faults: [] };

export interface ReplayScenarioOptions {
  readonly title: string;
  readonly dialects: readonly string[];
  readonly plan?: FaultPlan | undefined;
  readonly rhythm: boolean;
  /** What a side reads of its own bytes, from and to. Default: the bytes themselves. */
  readonly carry?: Carry;
}

export type Carry = (from: FlowDirection, start: number, end: number) => SideEntry;

/** A conversation as a scenario in memory: what each side reads is what the other end of it said. It is expected to complete. */
export function replayScenario(conversation: Conversation, options: ReplayScenarioOptions): Scenario {
  const { title, dialects, plan = NO_FAULTS, rhythm } = options;
  const literally: Carry = (from, start, end) => ({ literal: conversation.said[from].subarray(start, end) });
  const { carry = literally } = options;
  const entries = (from: FlowDirection): SideEntry[] =>
    entriesOf(sideSteps(conversation, from, { rhythm, pieces: rhythm }), (start, end) => carry(from, start, end));
  return {
    title,
    dialects,
    options: optionsOf(conversation),
    seed: FILL_SEED,
    a: { read: entries(0) },
    b: { read: entries(1) },
    plan,
    expect: { outcome: 'completed' },
  };
}

/** What is short needs no limits of its own, and is easier to read. */
function optionsOf({ said, turns }: Conversation): ScenarioOptions {
  const isShort = said[0].length + said[1].length < SHORT_BYTES && turns.length < SHORT_TURNS;
  return isShort ? {} : { maxPolls: MAX_POLLS, maxSteps: MAX_STEPS, maxBytes: MAX_SAID_BYTES * 2 };
}

function entriesOf(steps: readonly SideStep[], carry: (start: number, end: number) => SideEntry): SideEntry[] {
  return steps.flatMap((step): SideEntry[] => {
    switch (step.kind) {
      case 'wait':
        return [{ received: step.received }];
      case 'wait-end':
        // Nothing in the grammar waits for that: all bytes before it have come.
        return [];
      case 'pause':
        return [{ waitMs: step.ms }];
      case 'say':
        return [carry(step.start, step.end)];
      case 'end':
        // So does a list that is used up.
        return [0];
      case 'reset':
        return ['e'];
    }
  });
}
