import type { BidirectionalCopy } from '../../src/copy/bidirectional-copy.ts';
import { CopyError } from '../../src/copy/copy-error.ts';
import { HalfCloseTimer } from '../../src/copy/half-close-timer.ts';
import { BeneathStream } from '../../src/streams/beneath.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { applyFaults } from '../faults/apply-faults.ts';
import type { RunOutcomeName, Scenario, ScenarioOptions } from '../scenario/scenario.ts';
import type { BegunRun } from './begun-run.ts';
import { BrokenLaws } from './broken-laws.ts';
import { CONNECTION, CopyPool } from './copy-pool.ts';
import type { HalfWatch } from './half-watch.ts';
import { hasLongCount } from './has-long-count.ts';
import { checkCounted } from './laws/accounting.ts';
import { checkBounded } from './laws/bounded.ts';
import { checkWhole } from './laws/conservation.ts';
import { checkPassedOn } from './laws/end-once.ts';
import { Ledger } from './ledger.ts';
import { Movement } from './movement.ts';
import { RunLimitError } from './run-limit-error.ts';
import * as limits from './run-limits.ts';
import type { RunOptions } from './run-options.ts';
import type { RunResult } from './run-result.ts';
import { RunState } from './run-state.ts';
import { RuntimeThread } from './runtime-thread.ts';
import { Scheduler } from './scheduler.ts';
import { compileSide, type SideProgram } from './side-program.ts';
import { SimStream } from './sim-stream.ts';
import { tellSockets } from './tell-sockets.ts';
import { stuckDirection, waitingHalves } from './waiting-halves.ts';
import { WatchedStream } from './watched-stream.ts';

const NO_SCRIPT = compileSide({});

/**
 * One thread with a time of its own, in which a copy is polled by hand. It runs scenarios one after the other, and uses
 * everything again: a result is good until the next run.
 */
export class World {
  readonly #scheduler = new Scheduler();
  readonly #thread = new RuntimeThread();
  readonly #aToB = new Ledger('a -> b');
  readonly #bToA = new Ledger('b -> a');
  readonly #laws = new BrokenLaws();
  readonly #simA = new SimStream('a', { source: this.#aToB, sink: this.#bToA }, NO_SCRIPT, this.#scheduler);
  readonly #simB = new SimStream('b', { source: this.#bToA, sink: this.#aToB }, NO_SCRIPT, this.#scheduler);
  /** The same, telling the recorder what is called of them. */
  readonly #toldA = new BeneathStream(this.#simA, this.#simA);
  readonly #toldB = new BeneathStream(this.#simB, this.#simB);
  readonly #a = new WatchedStream('a -> b', 'b -> a', this.#simA, this.#laws);
  readonly #b = new WatchedStream('b -> a', 'a -> b', this.#simB, this.#laws);
  readonly #copies = new CopyPool(this.#a, this.#b, () => {
    this.#thread.wake();
  });
  readonly #movement = new Movement({
    aToB: this.#aToB,
    bToA: this.#bToA,
    a: this.#a,
    b: this.#b,
    simA: this.#simA,
    simB: this.#simB,
  });
  readonly #result = new RunState(this.#aToB, this.#bToA, this.#laws);
  /** The scripts of the latest scenario, made ready. */
  #scenario: Scenario | null = null;
  #programA: SideProgram = NO_SCRIPT;
  #programB: SideProgram = NO_SCRIPT;
  #recorder: Recorder | null = null;
  #copy: BidirectionalCopy | null = null;
  /** Whether what lies beneath the faults is told. */
  #isTold = false;
  /** A stream has polled the copy to its end from within a call. */
  #isNestedDone = false;
  #nested = 0;
  /** What the half-closed timer has to say. */
  #failure: CopyError | null = null;
  readonly #pollNow = (): void => {
    if (this.#copy === null || this.#nested >= limits.MAX_NESTED_POLLS) return;
    this.#nested += 1;
    try {
      if (this.#copy.poll()) this.#isNestedDone = true;
    } finally {
      this.#nested -= 1;
    }
  };

  readonly #blockThread = (): void => {
    this.#thread.block();
  };

  #isOver: () => boolean = () => false;

  constructor() {
    for (const stream of [this.#a, this.#b]) {
      stream.onManyCalls = () => {
        if (this.#isOver()) throw new RunLimitError('the time that it was given', true);
        if (this.#copy !== null && hasLongCount(this.#copy))
          throw new RunLimitError(`a count of more than ${limits.MAX_COUNT_CHARS} characters`, true);
      };
    }
  }

  /** Runs a scenario to its end. Throws a RelayscopeError if it cannot be run, such as DIALECT_UNKNOWN. */
  run(scenario: Scenario, options: RunOptions): RunResult {
    return this.advance(this.begin(scenario, options), Infinity) ?? this.#result;
  }

  /** For who does something else in between: nothing is polled before `advance`. Throws what `run` does. */
  begin(scenario: Scenario, options: RunOptions): BegunRun {
    const copy = this.#begin(scenario, options);
    const { halfCloseTimeoutMs: ms } = scenario.options;
    const onFailure = (error: CopyError): void => {
      this.#failure = error;
    };
    const timer = ms === undefined ? null : new HalfCloseTimer(copy, ms, this.#scheduler.clock, onFailure);
    return { scenario, copy, timer };
  }

  /** Makes at most so many polls of the run that was begun last; null if it is not at its end then. */
  advance({ scenario, copy, timer }: BegunRun, most: number): RunResult | null {
    const { maxPolls = limits.MAX_POLLS, maxSteps = limits.MAX_STEPS } = scenario.options;
    let { polls } = this.#result;
    const pauseAt = polls + most;
    while (polls < maxPolls && this.#result.steps < maxSteps) {
      if (polls === pauseAt) return null;
      polls += 1;
      this.#result.polls = polls;
      const outcome = this.#poll(copy);
      this.#result.steps += 1 + this.#a.calls + this.#b.calls;
      if (outcome !== null) return this.#end(outcome);
      timer?.update();
      const end = this.#look(polls) ?? (this.#thread.isWoken ? null : this.#waitForWake(scenario.options));
      if (end !== null) return this.#end(end);
      if (polls % limits.COUNT_CHECK_POLLS === 0 && (hasLongCount(copy) || this.#isOver()))
        return this.#end('unfinished');
    }
    // Most of them moved nothing: they would not have come to an end.
    return this.#end(this.#movement.idlePolls * 2 >= polls ? 'livelocked' : 'unfinished');
  }

  #begin(scenario: Scenario, options: RunOptions): BidirectionalCopy {
    if (scenario !== this.#scenario) {
      this.#programA = compileSide(scenario.a);
      this.#programB = compileSide(scenario.b);
      this.#scenario = scenario;
    }
    const {
      dialect = scenario.dialects[0] ?? 'checked',
      recorder = null,
      faults,
      chunkBytes = Infinity,
      schedule,
      beneath = false,
    } = options;
    this.#isOver = options.isOver ?? (() => false);
    const { coopBudget, maxSteps = limits.MAX_STEPS, maxBytes = limits.MAX_BYTES } = scenario.options;
    const isBudgeted = coopBudget === true;
    const { seed } = scenario;
    this.#scheduler.reset(schedule);
    this.#thread.reset();
    this.#aToB.reset(seed, this.#programA.hasLiterals);
    this.#bToA.reset(seed, this.#programB.hasLiterals);
    this.#simA.reset(this.#programA, chunkBytes, isBudgeted);
    this.#simB.reset(this.#programB, chunkBytes, isBudgeted);
    for (const stream of [this.#simA, this.#simB]) stream.maxBytes = maxBytes;
    for (const stream of [this.#a, this.#b]) stream.maxCalls = maxSteps;
    this.#laws.reset(recorder);
    this.#resetProgress();
    this.#takeRecorder(recorder);
    const isFaulty = faults !== undefined || scenario.plan.faults.length > 0;
    this.#isTold = beneath && recorder !== null;
    this.#toldA.reset();
    this.#toldB.reset();
    this.#a.reset(this.#isTold ? this.#toldA : this.#simA);
    this.#b.reset(this.#isTold ? this.#toldB : this.#simB);
    if (isFaulty) this.#wrap(scenario, recorder, faults);
    // What an earlier run has left in the buffers shows only where a read claims more than it gave.
    const claimsTooMuch = this.#programA.claimsTooMuch || this.#programB.claimsTooMuch;
    const copy = this.#copies.take(dialect, scenario.options, recorder, isFaulty || claimsTooMuch);
    this.#copy = copy;
    this.#result.reset(copy);
    return copy;
  }

  #resetProgress(): void {
    this.#isNestedDone = false;
    this.#nested = 0;
    this.#failure = null;
    this.#movement.reset();
  }

  #takeRecorder(recorder: Recorder | null): void {
    recorder?.reset(this.#scheduler.clock);
    if (recorder === this.#recorder) return;
    this.#recorder = recorder;
    recorder?.openConnection({ a: 'a', b: 'b' });
  }

  #wrap(scenario: Scenario, recorder: Recorder | null, faults: RunOptions['faults']): void {
    const { clock } = this.#scheduler;
    const context = {
      connection: CONNECTION,
      recorder,
      clock,
      seed: scenario.seed,
      pollNow: this.#pollNow,
      blockThread: this.#blockThread,
    };
    const wrap = faults ?? ((side, stream) => applyFaults(stream, side, scenario.plan, context));
    this.#a.inner = wrap('a', this.#a.inner, context);
    this.#b.inner = wrap('b', this.#b.inner, context);
  }

  /** One poll; null if the copy waits. */
  #poll(copy: BidirectionalCopy): RunOutcomeName | null {
    this.#thread.begin();
    this.#a.calls = 0;
    this.#b.calls = 0;
    try {
      return copy.poll() || this.#isNestedDone ? 'completed' : null;
    } catch (error) {
      if (!(error instanceof CopyError)) throw error;
      return this.#outcomeOf(error);
    } finally {
      this.#thread.end();
    }
  }

  #outcomeOf(error: CopyError): RunOutcomeName {
    // A poll from within a call has failed inside another: what ended it is the inner failure.
    if (error.cause instanceof CopyError) return this.#outcomeOf(error.cause);
    this.#result.direction = error.details.direction ?? null;
    if (error.cause instanceof RunLimitError) return this.#outcomeOfLimit(error.cause);
    this.#result.error = error;
    return error.code === 'SPINNING' ? 'spinning' : 'failed';
  }

  /** A poll that would not have returned. */
  #outcomeOfLimit({ moved }: RunLimitError): RunOutcomeName {
    if (!moved) return 'livelocked';
    const starved = this.#movement.starved();
    if (starved === null) return 'unfinished';
    this.#result.direction = starved;
    return 'starved';
  }

  /** Looks at what the latest poll has moved. */
  #look(polls: number): RunOutcomeName | null {
    const stuck = this.#movement.look(polls);
    if (stuck === null) return null;
    if (stuck === 'idle') return 'livelocked';
    this.#result.direction = stuck;
    return 'starved';
  }

  /** Lets time pass until something wakes the copy; null if it does. */
  #waitForWake({ maxMs = limits.MAX_MS, maxSteps = limits.MAX_STEPS }: ScenarioOptions): RunOutcomeName | null {
    const { clock } = this.#scheduler;
    const timers = Math.min(limits.MAX_TIMERS_PER_POLL, maxSteps);
    for (let called = 0; called < timers; called += 1) {
      const { nextMs } = clock;
      if (nextMs === Infinity) return this.#thread.isWoken ? null : 'parked';
      // Everything that is due at one moment is done before the poll, unless the schedule has it otherwise.
      if (this.#thread.isWoken && (nextMs > clock.nowMs() || this.#scheduler.pollsBetweenTimers())) return null;
      if (nextMs > maxMs) return 'unfinished';
      clock.advance();
      this.#result.steps += 1;
      if (this.#failure !== null) {
        this.#result.error = this.#failure;
        this.#result.direction = this.#failure.details.direction ?? null;
        return 'failed';
      }
    }
    return 'unfinished';
  }

  #end(outcome: RunOutcomeName): RunResult {
    const result = this.#result;
    result.outcome = outcome;
    result.elapsedMs = this.#scheduler.clock.nowMs();
    if (this.#isTold) tellSockets(this.#recorder, this.#simA, this.#simB, outcome === 'completed');
    if (outcome === 'completed') {
      result.direction = null;
      this.#checkCompleted(this.#aToB, this.#b.writer);
      this.#checkCompleted(this.#bToA, this.#a.writer);
    } else {
      if (outcome === 'parked') result.waits = waitingHalves(this.#a, this.#b);
      if (outcome === 'parked' || outcome === 'livelocked')
        result.direction ??= stuckDirection(this.#a, this.#b, outcome);
      const bounded = checkBounded(outcome, result.polls);
      if (bounded !== null) this.#laws.add('bounded', result.direction ?? 'a -> b', bounded);
    }
    return result;
  }

  #checkCompleted(ledger: Ledger, writer: HalfWatch): void {
    const counted = this.#copy?.count(ledger.direction) ?? 0;
    this.#laws.add('conservation', ledger.direction, checkWhole(ledger));
    this.#laws.add('end-once', ledger.direction, checkPassedOn(ledger));
    this.#laws.add('accounting', ledger.direction, checkCounted(writer, counted));
  }
}
