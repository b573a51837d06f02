import type { FaultPlan } from '../faults/fault-plan.ts';
import type { FlowDirection } from '../capture/tcp-flow.ts';
import type { Scenario, SideEntry } from '../scenario/scenario.ts';
import { MAX_BYTES } from '../sim/run-limits.ts';
import type { Conversation } from './conversation.ts';
import { MAX_SAID_BYTES } from './replay-limits.ts';
import { sideSteps } from './side-steps.ts';
import { FILL_SEED } from './track.ts';

/** A conversation is longer than what people write by hand. */
const MAX_POLLS = 10_000_000;
const MAX_STEPS = 100_000_000;
const NO_FAULTS: FaultPlan = { faults: [] };

export interface ReplayScenarioOptions {
  readonly title: string;
  readonly dialects: readonly string[];
  readonly plan?: FaultPlan | undefined;
  readonly rhythm: boolean;
}

/** A conversation as a scenario in memory: what each side reads is what the other end of it said. It is expected to complete. */
export function replayScenario(conversation: Conversation, options: ReplayScenarioOptions): Scenario {
  const { title, dialects, plan = NO_FAULTS, rhythm } = options;
  return {
    title,
    dialects,
    options: { maxPolls: MAX_POLLS, maxSteps: MAX_STEPS, maxBytes: Math.max(MAX_BYTES, MAX_SAID_BYTES) },
    seed: FILL_SEED,
    a: { read: entriesOf(conversation, 0, rhythm) },
    b: { read: entriesOf(conversation, 1, rhythm) },
    plan,
    expect: { outcome: 'completed' },
  };
}

function entriesOf(conversation: Conversation, from: FlowDirection, rhythm: boolean): SideEntry[] {
  const said = conversation.said[from];
  return sideSteps(conversation, from, { rhythm, pieces: rhythm }).flatMap((step): SideEntry[] => {
    switch (step.kind) {
      case 'wait':
        return [{ received: step.received }];
      case 'pause':
        return [{ waitMs: step.ms }];
      case 'say':
        return [{ literal: said.subarray(step.start, step.end) }];
      case 'end':
        // So does a list that is used up.
        return [0];
      case 'reset':
        return ['e'];
    }
  });
}
