import { globSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { RelayscopeError } from '../../../src/errors.ts';
import type { RunnerSettings } from '../runner-settings.ts';

/** In a folder: those that `relayscope run` finds there. */
const IN_FOLDER = '**/*.{md,capsule.json}';

/**
 * The files of documents and capsules that a path, a folder or a glob stands for, in order. What begins with `./` or `../` is
 * relative to the test file, as an import is; anything else to the project's root, as in vitest's configuration.
 *
 * At once, and not as a promise: vitest wants to know its tests before it runs one. Throws SCENARIO_UNREADABLE.
 */
export function documentFiles(pattern: string, { root, testFile }: RunnerSettings): string[] {
  const isBesideTest = /^\.\.?\//.test(pattern) && testFile !== null;
  const base = isBesideTest ? dirname(testFile) : root;
  const path = isAbsolute(pattern) ? pattern : resolve(base, pattern);
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats?.isFile() === true) {
    if (/\.(?:md|json)$/.test(path)) return [path];
    throw unreadable(pattern, 'expected a document (.md) or a capsule (.json), got another file');
  }
  const found = stats?.isDirectory() === true ? filesOf(IN_FOLDER, path) : filesOf(pattern, base);
  if (found.length > 0) return found;
  const where = isBesideTest ? 'beside the test file' : `in ${root}`;
  throw unreadable(pattern, `expected documents (.md) or capsules (.json) ${where}, got none`);
}

function filesOf(pattern: string, cwd: string): string[] {
  // Most of a project lies in folders that nobody means.
  const isPassedOver = (path: string): boolean => /^(?:node_modules$|\.[^.])/.test(basename(path));
  return globSync(pattern, { cwd, exclude: isPassedOver })
    .filter((name) => /\.(?:md|json)$/.test(name) && basename(name) !== 'README.md')
    .map((name) => (isAbsolute(name) ? name : join(cwd, name)))
    .sort();
}

function unreadable(pattern: string, why: string): RelayscopeError {
  return new RelayscopeError('SCENARIO_UNREADABLE', `${pattern}: ${why}`);
}
