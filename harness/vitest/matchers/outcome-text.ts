import { printable } from '../../../src/printable.ts';
import type { Judged } from '../judged/judged.ts';

/** `it was parked, b -> a: Nobody will wake the read half of b -> a`; of one that failed, with its code. */
export function outcomeText({ outcome, direction, message, code }: Judged): string {
  const where = direction === null ? '' : `, ${direction}`;
  const how = outcome === 'failed' && code !== null ? ` with ${printable(code)}` : '';
  const why = message === null ? '' : `: ${printable(message)}`;
  return `it ${outcome === 'open' ? 'is not over' : VERBS[outcome]}${how}${where}${why}`;
}

const VERBS: Readonly<Record<Exclude<Judged['outcome'], 'open'>, string>> = {
  completed: 'completed',
  failed: 'failed',
  spinning: 'was spinning',
  livelocked: 'was livelocked',
  parked: 'was parked',
  waiting: 'was waiting',
  starved: 'was starved',
  blocked: 'was blocked',
  unfinished: 'was unfinished',
};
