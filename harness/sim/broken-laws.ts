import type { Direction } from '../../src/poll/direction.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import type { Law } from '../scenario/scenario.ts';
import type { BrokenLaw } from './run-result.ts';

/** The laws that a run has broken, each once for each direction: what follows from a breach is no second one. */
export class BrokenLaws {
  readonly list: BrokenLaw[] = [];
  recorder: Recorder | null = null;

  reset(recorder: Recorder | null): void {
    this.recorder = recorder;
    // Not without need: setting the length is a call out of JavaScript.
    if (this.list.length > 0) this.list.length = 0;
  }

  /** @param message null: the law holds. */
  add(law: Law, direction: Direction, message: string | null): void {
    if (message === null || this.list.some((one) => one.law === law && one.direction === direction)) return;
    this.list.push({ law, direction, message, seq: this.recorder?.nextSeq ?? null });
  }
}
