import type { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { resolveDialect } from '../../src/copy/dialect.ts';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import type { ScenarioOptions } from '../scenario/scenario.ts';
import { makeCopy } from './engines/make-copy.ts';

/** One proof is enough: nothing is left that could end such a loop. */
const IDLE_ITERATIONS = 1;

/** Copies of more kinds than that are made anew. */
const MAX_COPIES = 64;

interface Last {
  readonly dialect: string;
  readonly options: ScenarioOptions;
  readonly recorder: Recorder | null;
  readonly copy: BidirectionalCopy;
}

/** The copies of a world, which are used again: one for each dialect and set of options. */
export class CopyPool {
  readonly #a: PollStream;
  readonly #b: PollStream;
  readonly #wake: () => void;
  readonly #copies = new Map<string, BidirectionalCopy>();
  #recorder: Recorder | null = null;
  #last: Last | null = null;

  constructor(a: PollStream, b: PollStream, wake: () => void) {
    this.#a = a;
    this.#b = b;
    this.#wake = wake;
  }

  /** A copy that has not begun. @param clear whether anything could see what an earlier run has left in its buffers. */
  take(dialect: string, options: ScenarioOptions, recorder: Recorder | null, clear: boolean): BidirectionalCopy {
    const last = this.#last;
    if (last !== null && last.dialect === dialect && last.options === options && last.recorder === recorder) {
      last.copy.reset(clear);
      return last.copy;
    }
    if (recorder !== this.#recorder) {
      this.#copies.clear();
      this.#recorder = recorder;
    }
    const key = keyOf(dialect, options);
    const known = this.#copies.get(key);
    const copy = known ?? this.#make(dialect, options, recorder);
    if (known !== undefined) copy.reset(clear);
    if (this.#copies.size >= MAX_COPIES) this.#copies.clear();
    this.#copies.set(key, copy);
    this.#last = { dialect, options, recorder, copy };
    return copy;
  }

  #make(dialect: string, options: ScenarioOptions, recorder: Recorder | null): BidirectionalCopy {
    const { debugAssertions, coopBudget, bufferBytes, engine } = options;
    const parts = {
      dialect: resolveDialect(dialect),
      recorder,
      connection: CONNECTION,
      limits: { idleIterations: IDLE_ITERATIONS },
      ...(debugAssertions === undefined ? {} : { debugAssertions }),
      ...(coopBudget === undefined ? {} : { coopBudget }),
      ...(bufferBytes === undefined ? {} : { bufferBytes }),
    };
    return makeCopy({ a: this.#a, b: this.#b, wake: this.#wake, options: parts }, engine);
  }
}

/** The number of a run's one connection. */
export const CONNECTION = 1;

function keyOf(dialect: string, { debugAssertions, coopBudget, bufferBytes, engine }: ScenarioOptions): string {
  const sizes = typeof bufferBytes === 'object' ? `${bufferBytes.aToB}/${bufferBytes.bToA}` : String(bufferBytes);
  return `${dialect} ${String(debugAssertions)} ${String(coopBudget)} ${sizes} ${String(engine)}`;
}
