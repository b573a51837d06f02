import { basename } from 'node:path';
import type { StackNote } from '../../src/trace/trace-note.ts';
import type { StepResult } from './step-result.ts';

/** The outermost function of ours that a copy is polled by. */
const OUTERMOST = 'BidirectionalCopy.poll';
/** The fields of a CopyBuffer that say where its loop stands. */
const TOLD = ['pos', 'cap', 'amt', 'readDone', 'needFlush'];

/** Where a frozen copy stands: the calls from its loop outwards, and what the loop has before it. */
export function stuckIn({ frames }: StackNote): Pick<StepResult, 'stack' | 'locals'> {
  // The thread may have been stopped within a call that the loop makes.
  const first = frames.findIndex(({ locals }) => locals.some(({ name }) => name === 'this.pos'));
  const inner = frames[first];
  if (inner === undefined) return {};
  const last = frames.findIndex((frame) => frame.function === OUTERMOST);
  const ours = frames.slice(first, last === -1 ? undefined : last + 1);
  const fields = inner.locals.map(({ name, value }) => [name.replace('this.', ''), value] as const);
  return {
    stack: ours.map(({ function: name, url, line }) => `${name} (${basename(url)}:${line})`),
    locals: Object.fromEntries(fields.filter(([name]) => TOLD.includes(name))),
  };
}
