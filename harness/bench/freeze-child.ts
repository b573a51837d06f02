import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { epochMs } from '../../src/poll/clock.ts';
import { siblingModule } from '../../src/sibling-module.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';
import { superviseChild, type ChildWatch } from '../../src/watch/supervise-child.ts';
import type { FreezeKind, FreezeStart } from './freeze-kind.ts';

export interface ArrivedVerdict {
  readonly verdict: Verdict;
  /** When it came here. */
  readonly epochMs: number;
}

export interface FreezeChildOptions {
  readonly tracePath?: string;
  /** Honest work ends once this file exists, not by the processor's time. */
  readonly workUntil?: string;
  /** Options of Node. */
  readonly execArgv?: readonly string[];
}

/** The watched program in a process of its own. */
export class FreezeChild {
  readonly verdicts: ArrivedVerdict[] = [];
  readonly watch: ChildWatch;
  /** Settles when the program is about to get stuck; rejects if it ends before. */
  readonly started: Promise<FreezeStart>;
  #hear: (() => void)[] = [];

  constructor(kind: FreezeKind, { tracePath = '', workUntil = '', execArgv = [] }: FreezeChildOptions = {}) {
    const program = siblingModule(import.meta.url, 'freeze-process').pathname;
    const command = {
      command: process.execPath,
      args: [...execArgv, program, kind, tracePath, workUntil],
      options: { stdio: ['ignore', 'pipe', 'inherit'] as ['ignore', 'pipe', 'inherit'] },
    };
    this.watch = superviseChild(command, {
      onVerdict: (verdict) => {
        this.verdicts.push({ verdict, epochMs: epochMs() });
        for (const hear of this.#hear.splice(0)) hear();
      },
    });
    this.started = this.#firstLine();
    // Whoever waits for the first verdict need not wait for this.
    this.started.catch(() => undefined);
  }

  /** Resolves to the verdict with this number, from 0; null if the program ends, or is ended, before. */
  async verdict(number: number): Promise<ArrivedVerdict | null> {
    const gone = once(this.watch.child, 'exit');
    while (this.verdicts.length <= number && this.watch.state !== 'ended')
      await Promise.race([gone, new Promise<void>((resolve) => this.#hear.push(resolve))]);
    return this.verdicts[number] ?? null;
  }

  end(): Promise<void> {
    return this.watch.end();
  }

  async #firstLine(): Promise<FreezeStart> {
    const { stdout } = this.watch.child;
    if (stdout === null) throw new Error('The program has no standard output');
    const lines = createInterface({ input: stdout });
    for await (const line of lines) {
      // The protocol is ours on both sides (freeze-process.ts).
      return JSON.parse(line) as FreezeStart;
    }
    throw new Error(`The program ended: code ${this.watch.child.exitCode}, signal ${this.watch.child.signalCode}`);
  }
}
