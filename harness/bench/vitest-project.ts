import { spawn, type ChildProcess, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { systemClock } from '../../src/poll/clock.ts';

const top = join(import.meta.dirname, '../..');

export interface VitestProjectOptions {
  /** Contents by name. */
  readonly files: Readonly<Record<string, string>>;
  /** What goes into the `test` of its configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** The folder that holds the `vitest` to use. Default: ours. */
  readonly modules?: string;
  /** The built package (its `dist`), to be put where npm would: the door `relayscope/vitest/guard` then works. */
  readonly dist?: string;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly node?: string;
}

export interface RunOptions extends StartOptions {
  readonly timeoutMs: number;
  /** Called with what it writes, as it comes. */
  readonly onText?: (text: string) => void;
}

export interface VitestRun {
  /** Its exit code, or the signal that ended it: SIGKILL if it took too long. */
  readonly code: number | NodeJS.Signals | null;
  readonly output: string;
}

/** What a runner that we may be run by ourselves has left, and what would change how vitest writes. */
const NOT_PASSED_ON =
  /^(?:VITEST|NODE_ENV$|NODE_OPTIONS$|CI$|GITHUB_|FORCE_COLOR$|DEV$|PROD$|TEST$|MODE$|BASE_URL$|SSR$|RELAYSCOPE_)/;
/** What our package needs of others. */
const DEPENDENCIES = ['ws', 'yaml', 'zod'];

/** A project in a temporary folder, and the command that runs its tests in a process of their own. */
export class VitestProject {
  readonly folder = mkdtempSync(join(tmpdir(), 'relayscope-vitest-'));
  readonly #vitest: string;

  constructor({ files, config = {}, modules = join(top, 'node_modules'), dist }: VitestProjectOptions) {
    this.#vitest = join(modules, 'vitest');
    this.write('package.json', '{ "private": true, "type": "module" }');
    this.write('vitest.config.js', `export default ${JSON.stringify({ test: config })};\n`);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.#install('vitest', this.#vitest);
    if (dist === undefined) return;
    const own = join(this.folder, 'node_modules/relayscope');
    // Not a link: vitest would take what is outside of node_modules for the project's own.
    cpSync(dist, join(own, 'dist'), { recursive: true });
    cpSync(join(top, 'package.json'), join(own, 'package.json'));
    for (const name of DEPENDENCIES) this.#install(name, join(top, 'node_modules', name));
  }

  write(name: string, text: string): void {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** The files at its top whose names match. */
  list(pattern: RegExp): string[] {
    return readdirSync(this.folder).filter((name) => pattern.test(name));
  }

  /** Starts vitest. It leads a process group of its own, workers included: who ends the group ends all of it. */
  start(
    args: readonly string[],
    { env = {}, node = process.execPath }: StartOptions = {},
  ): ChildProcessByStdio<null, Readable, Readable> {
    const inherited = Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name));
    return spawn(node, [join(this.#vitest, 'vitest.mjs'), ...args], {
      cwd: this.folder,
      env: { ...Object.fromEntries(inherited), NO_COLOR: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
  }

  /** Runs vitest to its end; killed, with all its workers, after so long. */
  async run(args: readonly string[], options: RunOptions): Promise<VitestRun> {
    const child = this.start(args, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        options.onText?.(text);
      });
    const stop = systemClock.after(options.timeoutMs, () => {
      endGroup(child);
    });
    try {
      const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
      return { code: code ?? signal, output };
    } finally {
      stop();
      endGroup(child);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #install(name: string, target: string): void {
    const modules = join(this.folder, 'node_modules');
    mkdirSync(modules, { recursive: true });
    symlinkSync(target, join(modules, name), 'dir');
  }
}

/** Ends what leads a process group, and all that is in it. */
export function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left of it.
  }
}
