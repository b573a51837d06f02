import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { listeningSockets } from '../../harness/attach/inspector-port.ts';
import { mainThreadMoment } from '../../harness/attach/thread-activity.ts';

/** A process to look into, which has nothing of ours in it. */
export class Target {
  readonly child: ChildProcess;
  readonly pid: number;
  #printed = '';
  #complained = '';

  /** Runs a script, which writes `ready` when it is about to do what it is for. */
  static async start(script: string, options: readonly string[] = ['--inspect-port=0']): Promise<Target> {
    const target = new Target(process.execPath, [...options, '-e', script]);
    await target.prints('ready');
    return target;
  }

  constructor(program: string, args: readonly string[], options: { uid?: number; env?: NodeJS.ProcessEnv } = {}) {
    this.child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
    if (this.child.pid === undefined) throw new Error(`${program} did not start`);
    this.pid = this.child.pid;
    this.child.stdout?.on('data', (part) => {
      this.#printed += String(part);
    });
    this.child.stderr?.on('data', (part) => {
      this.#complained += String(part);
    });
  }

  get stdout(): string {
    return this.#printed;
  }

  get stderr(): string {
    return this.#complained;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  async prints(text: string): Promise<void> {
    await until(() => this.#printed.includes(text));
  }

  /** Whether it listens on any port; an open inspector does. */
  get ports(): number[] {
    return listeningSockets(this.pid).map(({ localPort }) => localPort);
  }

  /** Resolves when its main thread has done something more. */
  async works(): Promise<void> {
    const before = mainThreadMoment(this.pid).cpuMs ?? 0;
    await until(() => (mainThreadMoment(this.pid).cpuMs ?? 0) > before + 5);
  }

  async kill(): Promise<void> {
    if (!this.isAlive) return;
    const closed = once(this.child, 'close');
    this.child.kill('SIGKILL');
    await closed;
  }
}

/** Looks again and again; what never comes is for the time limit of the test. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}
