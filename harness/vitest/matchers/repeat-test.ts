import { relative } from 'node:path';
import type { MatcherState } from 'vitest';
import { shellWord } from '../../report/shell-word.ts';
import { runnerSettings } from '../runner-settings.ts';

/** The command that runs this test alone; null outside a test. */
export function repeatTest({ task, testPath }: MatcherState): string | null {
  const { root } = runnerSettings();
  const file = task?.file.filepath ?? testPath;
  if (file === undefined) return null;
  const names = task === undefined ? [] : namesOf(task);
  // Its name as vitest asks for it: a pattern, of the suites and the test. Between them 4.1 has a space, and 5 an arrow.
  const pattern = names.map((name) => name.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)).join(' (> )?');
  const title = pattern === '' ? '' : ` -t ${shellWord(`^${pattern}$`)}`;
  return `npx vitest run ${shellWord(relative(root, file))}${title}`;
}

/** Of a test: those of the suites that it is in, the outermost first, and its own. */
export function namesOf({ name, suite }: NonNullable<MatcherState['task']>): string[] {
  const names = [name];
  for (let one = suite; one !== undefined; one = one.suite) if (one.name !== '') names.unshift(one.name);
  return names;
}
