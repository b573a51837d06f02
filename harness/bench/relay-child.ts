import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { siblingModule } from '../../src/sibling-module.ts';
import type { Variant } from './relay-variant.ts';

/** A relay in a process of its own. It also ends by itself when this process is gone, however that ended. */
export class RelayChild {
  readonly port: number;
  readonly #process: ChildProcess;

  private constructor(child: ChildProcess, port: number) {
    this.#process = child;
    this.port = port;
  }

  static async start(variant: Variant, targetPort: number, execArgv: readonly string[] = []): Promise<RelayChild> {
    const child = fork(siblingModule(import.meta.url, 'relay-process'), [variant, String(targetPort)], {
      execArgv: [...execArgv],
    });
    const { port } = await answer<{ port: number }>(child);
    return new RelayChild(child, port);
  }

  /** CPU seconds, user and system, that its process has used so far. */
  async cpuSeconds(): Promise<number> {
    this.#process.send('cpu');
    const { cpuMicros } = await answer<{ cpuMicros: number }>(this.#process);
    return cpuMicros / 1e6;
  }

  stop(): void {
    this.#process.kill('SIGTERM');
  }
}

/** The next message of a child; an error if it ends instead. */
async function answer<T>(child: ChildProcess): Promise<T> {
  const done = new AbortController();
  try {
    const message = once(child, 'message', { signal: done.signal });
    const end = once(child, 'exit', { signal: done.signal }).then(() => {
      throw new Error(`Relay process ended: code ${child.exitCode}, signal ${child.signalCode}`);
    });
    // The protocol is ours on both sides (relay-process.ts): one answer of this shape to each question.
    const [first] = (await Promise.race([message, end])) as [T];
    return first;
  } finally {
    done.abort();
  }
}
