import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const top = join(import.meta.dirname, '../..');
export const register = new URL('../../src/register.ts', import.meta.url).href;

/** How long a test waits for what another process does: it may have to share the machine. */
export const PATIENCE = { timeout: 15_000 };

/** A folder of the test's own. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-register-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true });
  });
  return folder;
}

export interface Program {
  readonly pid: number;
  readonly folder: string;
  /** What it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  readonly kill: (signal: NodeJS.Signals) => void;
  /** Its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

/** Starts Node in a folder of the test's own; what still runs after the test is killed. */
export function startNode(args: readonly string[], env: NodeJS.ProcessEnv = {}, folder = scratch()): Program {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (written.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (written.err += text));
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    pid: child.pid ?? 0,
    folder,
    out: () => written.out,
    err: () => written.err,
    kill: (signal) => void child.kill(signal),
    ended,
  };
}

/** A program given as text. */
export function startProgram(flags: readonly string[], program: string, env: NodeJS.ProcessEnv = {}): Program {
  const folder = scratch();
  writeFileSync(join(folder, 'program.mjs'), program);
  return startNode([...flags, 'program.mjs'], env, folder);
}

/** A program given as text, with `relayscope/register` loaded before it. */
export function startRegistered(program: string, env: NodeJS.ProcessEnv = {}): Program {
  return startProgram(['--import', register], program, env);
}

export function fixture(name: string): string {
  return join(top, 'fixtures/programs', name);
}
