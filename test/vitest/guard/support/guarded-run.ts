import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { VitestProject, type StartOptions, type VitestRun } from '../../../../harness/bench/vitest-project.ts';
import { vitestFour } from './vitest-four.ts';

export const top = join(import.meta.dirname, '../../../..');
const GUARD = join(top, 'harness/vitest/guard.ts');
/** What a test file of a project imports from us. */
export const OURS = join(top, 'src/index.ts');

export const VITESTS = ['5', '4.1'] as const;
export type VitestVersion = (typeof VITESTS)[number];

export interface GuardedProject {
  readonly files: Readonly<Record<string, string>>;
  readonly vitest?: VitestVersion;
  /** Default: the guard from the sources. A door of a built package; null: none. */
  readonly guard?: string | null;
  /** A built package. */
  readonly dist?: string;
  /** More of vitest's configuration. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** How the JSON reporter has a test. */
export interface JsonTest {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

export interface JsonReport {
  readonly success: boolean;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly JsonTest[];
  }[];
}

export interface GuardedRun extends VitestRun {
  readonly json: JsonReport | null;
  readonly junit: string;
  /** Every test of the JSON report as `file: name` with its status. */
  readonly statuses: Readonly<Record<string, string>>;
}

/** A project whose one setup file is the guard; it is gone after the test. */
export function guardedProject({
  files,
  vitest = '5',
  guard = GUARD,
  dist,
  config = {},
}: GuardedProject): VitestProject {
  const project = new VitestProject({
    files,
    config: { ...(guard === null ? {} : { setupFiles: [guard] }), ...config },
    ...(vitest === '5' ? {} : { modules: vitestFour() }),
    ...(dist === undefined ? {} : { dist }),
  });
  onTestFinished(() => {
    project.remove();
  });
  return project;
}

/** What every run writes: to the terminal, and two files that `finished` reads. */
export const REPORTERS: readonly string[] = [
  ...['default', 'json', 'junit'].map((name) => `--reporter=${name}`),
  '--outputFile.json=out.json',
  '--outputFile.junit=out.xml',
];

export interface GuardedRunOptions extends StartOptions {
  /** By then it is killed, with all its workers. */
  readonly timeoutMs?: number;
  readonly onText?: (text: string) => void;
  /** More of vitest's own. */
  readonly args?: readonly string[];
}

/** `vitest run` in a process of its own, with three reporters at once. */
export async function vitestRun(
  project: VitestProject,
  { timeoutMs = 40_000, args = [], ...options }: GuardedRunOptions = {},
): Promise<GuardedRun> {
  return finished(project, await project.run(['run', ...REPORTERS, ...args], { timeoutMs, ...options }));
}

/** With what the reporters have left in the project. */
export function finished(project: VitestProject, run: VitestRun): GuardedRun {
  const read = (name: string): string => {
    const path = join(project.folder, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const text = read('out.json');
  const json = text === '' ? null : (JSON.parse(text) as JsonReport);
  const statuses = (json?.testResults ?? []).flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => [`${name.split('/').at(-1)}: ${fullName}`, status] as const),
  );
  return { ...run, json, junit: read('out.xml'), statuses: Object.fromEntries(statuses) };
}

/** The failure of a test, as the JSON reporter has it. */
export function failureOf({ json }: GuardedRun, fullName: string): string {
  const tests = json?.testResults.flatMap(({ assertionResults }) => assertionResults) ?? [];
  return tests.find((one) => one.fullName === fullName)?.failureMessages.join('\n') ?? '';
}
