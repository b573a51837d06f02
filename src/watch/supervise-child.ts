import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { RelayscopeError } from '../errors.ts';
import { systemClock, type Clock } from '../poll/clock.ts';
import type { Verdict } from '../trace/trace-note.ts';
import { spanOf } from './connection-progress.ts';
import { hasReadyThread, isSuspended } from './process-state.ts';
import { ReportReader } from './report-reader.ts';
import { REPORT_VARIABLES } from './report-lines.ts';

export interface SuperviseChildOptions {
  /** Verdicts of the child's own watchdog, and of this one over the process as a whole. */
  readonly onVerdict?: (verdict: Verdict) => void;
  /** So long without a line from the child's watchdog, and the process as a whole is blocked. Default: 1000 ms. */
  readonly silenceLimitMs?: number;
  readonly clock?: Clock;
}

/** What to start: as `child_process.spawn` takes it. */
export interface ChildCommand {
  readonly command: string;
  readonly args?: readonly string[];
  /** `stdio` as an array or a word; one more pipe is added. */
  readonly options?: SpawnOptions;
}

export type ChildState =
  /** It has not said anything: nothing of ours runs in it, or not yet. */
  | 'unwatched'
  | 'running'
  /** Stopped by a signal (SIGSTOP, a terminal); that is no hang. */
  | 'suspended'
  /** The process as a whole gives no sign of life. */
  | 'silent'
  | 'ended';

export interface ChildWatch {
  readonly child: ChildProcess;
  readonly state: ChildState;
  /** What the clock of the child's trace showed when its watchdog was heard last, in milliseconds. */
  readonly heardAtMs: number;
  /** Ends the watch, and leaves the child as it is. */
  stop(): void;
  /** SIGKILL, the last word; resolves when the child is gone. */
  end(): Promise<void>;
}

const DEFAULT_SILENCE_LIMIT_MS = 1000;
const LOOK_INTERVAL_MS = 50;
/** A child with a thread that is ready, and perhaps gets no processor, gets so many times the limit. */
const MAX_STARVED_LIMITS = 20;
/** A look that comes so late says that this process was suspended itself. */
const LATE_MS = 250;

/**
 * Starts a child and watches it from this process. The child calls `watchProgram`, which finds the pipe by itself; its
 * watchdog's verdicts arrive here, and its silence is noticed here.
 *
 * @example
 * const watch = superviseChild({ command: process.execPath, args: ['relay.js'] }, { onVerdict: console.log });
 */
export function superviseChild(command: ChildCommand, options: SuperviseChildOptions = {}): ChildWatch {
  const given = command.options ?? {};
  const stdio = Array.isArray(given.stdio) ? [...given.stdio] : Array.from({ length: 3 }, () => given.stdio ?? 'pipe');
  while (stdio.length < 3) stdio.push('pipe');
  const fd = stdio.length;
  const child = spawn(command.command, command.args ?? [], {
    ...given,
    stdio: [...stdio, 'pipe'] as NonNullable<SpawnOptions['stdio']>,
    env: { ...(given.env ?? process.env), [REPORT_VARIABLES.fd]: String(fd) },
  });
  const pipe = child.stdio[fd];
  if (!(pipe instanceof Readable))
    throw new RelayscopeError('CHILD_UNWATCHED', `Cannot watch ${command.command}: expected a pipe, got none`);
  return new SupervisedChild(child, pipe, options);
}

class SupervisedChild implements ChildWatch {
  readonly child: ChildProcess;
  state: ChildState = 'unwatched';
  heardAtMs = 0;
  readonly #options: SuperviseChildOptions;
  readonly #clock: Clock;
  readonly #pipe: Readable;
  #heardMs: number;
  #lookedMs: number;
  /** It was silent at the look before, too: what it had said by then has been read since. */
  #isSuspected = false;
  #cancel: () => void = () => undefined;

  constructor(child: ChildProcess, pipe: Readable, options: SuperviseChildOptions) {
    this.child = child;
    this.#pipe = pipe;
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#heardMs = this.#clock.nowMs();
    this.#lookedMs = this.#heardMs;
    const reader = new ReportReader((line) => {
      this.#hear(line.relayscope === 'verdict' ? line.verdict.atMs : line.atMs);
      if (line.relayscope === 'verdict') options.onVerdict?.(line.verdict);
      // It ends by itself, and says nothing more.
      if (line.relayscope === 'end') this.state = 'unwatched';
    });
    pipe.on('data', (bytes: Buffer) => {
      reader.read(bytes);
    });
    // A pipe that breaks ends with the child, which is heard of anyway.
    pipe.on('error', () => undefined);
    child.once('exit', () => {
      this.state = 'ended';
      this.#cancel();
    });
    // Without a listener a command that is not there would end this program; whoever started it may listen too.
    child.on('error', () => {
      this.state = 'ended';
      this.#cancel();
    });
    this.#look();
  }

  stop(): void {
    this.#cancel();
    this.#pipe.destroy();
  }

  async end(): Promise<void> {
    this.#cancel();
    if (this.child.exitCode !== null || this.child.signalCode !== null || this.child.pid === undefined) return;
    const gone = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await gone;
  }

  #hear(atMs: number): void {
    const nowMs = this.#clock.nowMs();
    if (this.state === 'silent') {
      const silentMs = nowMs - this.#heardMs;
      const message = `The process gives signs of life again, after ${spanOf(silentMs)}`;
      this.#options.onVerdict?.({ outcome: 'recovered', message, atMs, silentMs: Math.round(silentMs) });
    }
    this.#heardMs = nowMs;
    this.#isSuspected = false;
    this.heardAtMs = atMs;
    this.state = 'running';
  }

  readonly #look = (): void => {
    const nowMs = this.#clock.nowMs();
    const isLate = nowMs - this.#lookedMs > LATE_MS;
    this.#lookedMs = nowMs;
    // What the child said meanwhile is read after this.
    if (isLate) this.#heardMs = nowMs;
    const limitMs = this.#options.silenceLimitMs ?? DEFAULT_SILENCE_LIMIT_MS;
    const silentMs = nowMs - this.#heardMs;
    if (silentMs > limitMs && (this.state === 'running' || this.state === 'suspended')) this.#silent(silentMs);
    this.#cancel = this.#clock.after(LOOK_INTERVAL_MS, this.#look);
  };

  #silent(silentMs: number): void {
    if (this.child.pid !== undefined && isSuspended(this.child.pid)) {
      this.state = 'suspended';
      return;
    }
    // It goes on from where it was stopped: the silence so far was not its own.
    if (this.state === 'suspended') {
      this.state = 'running';
      this.#heardMs = this.#clock.nowMs();
      return;
    }
    const { pid } = this.child;
    const limitMs = this.#options.silenceLimitMs ?? DEFAULT_SILENCE_LIMIT_MS;
    const mayBeStarved = pid !== undefined && silentMs < limitMs * MAX_STARVED_LIMITS && hasReadyThread(pid);
    const wasSuspected = this.#isSuspected;
    this.#isSuspected = !mayBeStarved;
    if (mayBeStarved || !wasSuspected) return;
    this.state = 'silent';
    const message = `The process as a whole gives no sign of life, its watchdog neither, for ${spanOf(silentMs)}`;
    const atMs = Math.round(this.heardAtMs + silentMs);
    this.#options.onVerdict?.({ outcome: 'blocked', where: 'outside', message, atMs, silentMs: Math.round(silentMs) });
  }
}
