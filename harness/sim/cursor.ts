import type { ScriptedCall } from './script.ts';
import { Op, type CallProgram } from './side-program.ts';

/** Where one kind of call stands in its script. */
export class Cursor {
  readonly call: ScriptedCall;
  program: CallProgram;
  at = 0;
  /** When the wait is over that it has begun; −1: none. */
  untilMs = -1;
  /** Bytes of the current entry that are still to be given; −1: it is untouched. */
  left = -1;

  constructor(call: ScriptedCall, program: CallProgram) {
    this.call = call;
    this.program = program;
  }

  reset(program: CallProgram): void {
    // An object is written only if it is another one: the garbage collector looks at each that is written.
    if (program !== this.program) this.program = program;
    this.at = 0;
    this.untilMs = -1;
    this.left = -1;
  }

  get op(): number {
    return this.program.ops[this.at] ?? Op.USED_UP;
  }

  get arg(): number {
    return this.program.args[this.at] ?? 0;
  }

  /** Milliseconds after what was waited for; −1: at once. */
  get delayMs(): number {
    return this.program.delays?.[this.at] ?? -1;
  }

  next(): void {
    this.at += 1;
    this.left = -1;
  }
}
