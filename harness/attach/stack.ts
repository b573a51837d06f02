import type { StackFrame } from '../../src/trace/trace-note.ts';

/** The frames of a thread that was stopped, innermost first. */
export interface Stack {
  readonly frames: readonly StackFrame[];
  /** Frames left out for length. */
  readonly omitted: number;
}

/** Whether a frame is of the program, and not of Node itself. */
export function isOfUser({ url }: StackFrame): boolean {
  return url !== '' && !url.startsWith('node:');
}

/** Node's own timers call a function as theirs; what they hold is not the program's state. */
const OF_NODE = /^this\.(?:_idle|_onTimeout|_onImmediate|_timerArgs|_argv|_repeat|_destroyed|Symbol\()/;

/** The variables of a frame that are the program's. */
export function localsOf({ locals }: StackFrame): StackFrame['locals'] {
  return locals.filter(({ name }) => !OF_NODE.test(name));
}
