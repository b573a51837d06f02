import type { Command } from './command.ts';

/**
 * Every command by its name, in the order in which the help lists them. Each is loaded when it is asked for: all of them
 * together take longer to load than `inspect` does for a million records.
 */
export const COMMANDS: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['demo', async () => (await import('./demo.ts')).demo],
  ['run', async () => (await import('./run.ts')).run],
  ['list', async () => (await import('./list.ts')).list],
  ['explore', async () => (await import('./explore.ts')).explore],
  ['check', async () => (await import('./check.ts')).check],
  ['inspect', async () => (await import('./inspect.ts')).inspect],
  ['why', async () => (await import('./why.ts')).why],
  ['doctor', async () => (await import('./doctor.ts')).doctor],
  ['diff', async () => (await import('./diff.ts')).diff],
  ['replay', async () => (await import('./replay.ts')).replay],
  ['export', async () => (await import('./export.ts')).exportCommand],
  ['join', async () => (await import('./join.ts')).join],
  ['attach', async () => (await import('./attach.ts')).attach],
  ['tap', async () => (await import('./tap.ts')).tap],
  ['tunnel', async () => (await import('./tunnel.ts')).tunnel],
  ['vectors', async () => (await import('./vectors.ts')).vectors],
]);
