import { beneath } from '../../src/streams/beneath.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import { ActiveFault, type FaultContext } from './active-fault.ts';
import type { FaultLevel, PollFault } from './fault-definition.ts';
import { FaultPlanError } from './fault-plan-error.ts';
import type { FaultPlan, Side } from './fault-plan.ts';
import { findFault } from './fault-registry.ts';

/**
 * A stream with all faults of the plan that wrap a polled stream at this side, the first of them nearest to the stream.
 * Those of other levels are for whoever has the WebSocket or the connection itself. Throws FAULT_PLAN_MALFORMED for a fault
 * that does not exist.
 */
export function applyFaults(stream: PollStream, side: Side, plan: FaultPlan, context: FaultContext): PollStream {
  let faulty = stream;
  for (const fault of activeFaults('poll', side, plan, context)) {
    // Level poll was asked for.
    faulty = (fault.definition as PollFault).wrap(faulty, fault);
  }
  return faulty;
}

/** The same for a stream of real bytes: where it breaks, the trace has what was called beneath the faults, and what came of it. */
export function applyFaultsTold(stream: PollStream, side: Side, plan: FaultPlan, context: FaultContext): PollStream {
  const isFaulty = activeFaults('poll', side, plan, { ...context, recorder: null }).length > 0;
  return applyFaults(isFaulty ? beneath(stream, { sameBytes: true }) : stream, side, plan, context);
}

/** The faults of one level at one side of a connection, in the plan's order, one for each half on which an entry acts. */
export function activeFaults(level: FaultLevel, side: Side, plan: FaultPlan, context: FaultContext): ActiveFault[] {
  const seed = plan.seed ?? context.seed ?? 1;
  const active: ActiveFault[] = [];
  for (const [index, entry] of plan.faults.entries()) {
    const definition = findFault(entry.fault);
    if (definition === undefined) throw unknownFault(entry.fault, index);
    if (definition.level !== level || (entry.side ?? side) !== side) continue;
    if ((entry.connection ?? context.connection) !== context.connection) continue;
    const generator = entry.generator ?? index + 1;
    const halves = entry.half === undefined ? (definition.defaultHalves ?? definition.halves) : [entry.half];
    for (const half of halves) {
      active.push(new ActiveFault({ definition, entry, side, half, seed, generator }, context));
    }
  }
  return active;
}

function unknownFault(name: string, index: number): FaultPlanError {
  return new FaultPlanError({
    path: `faults[${index}].fault`,
    expected: 'the name of a fault (relayscope list faults)',
    got: JSON.stringify(name),
  });
}
