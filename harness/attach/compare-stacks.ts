import type { StackFrame } from '../../src/trace/trace-note.ts';
import { isOfUser, localsOf, type Stack } from './stack.ts';

/** The function that a thread was in each time, and what became of its variables in between. */
export interface LoopFrame {
  readonly frame: StackFrame;
  /** The same at the first look and at the last. */
  readonly steady: StackFrame['locals'];
  readonly changed: readonly { readonly name: string; readonly before: string; readonly after: string }[];
}

/** The innermost frame that both stacks share, counted from the outermost: what goes round is in there. */
export function loopFrame(stacks: readonly Stack[]): LoopFrame | null {
  const [first, last] = [stacks[0]?.frames.toReversed() ?? [], stacks.at(-1)?.frames.toReversed() ?? []];
  let found: { frame: StackFrame; later: StackFrame } | null = null;
  for (const [index, frame] of first.entries()) {
    const later = last[index];
    if (later === undefined || later.function !== frame.function || later.url !== frame.url) break;
    if (isOfUser(frame)) found = { frame, later };
  }
  if (found === null) return null;
  const { frame, later } = found;
  const values = new Map(localsOf(later).map(({ name, value }) => [name, value]));
  return {
    frame,
    steady: localsOf(frame).filter(({ name, value }) => values.get(name) === value),
    changed: localsOf(frame).flatMap(({ name, value }) => {
      const after = values.get(name);
      return after === undefined || after === value ? [] : [{ name, before: value, after }];
    }),
  };
}
