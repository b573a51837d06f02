import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { epochMs } from '../../src/poll/clock.ts';
import { median } from './ratio.ts';
import { VitestProject } from './vitest-project.ts';

/** With the guard as the one setup file, or without. */
export type GuardVariant = 'without' | 'guarded';

/** Test files, each of which gets a worker of its own. */
export const WORKERS = 8;
export const TESTS = 5000;
export const LIMIT_MS = 1000;
/** So long a worker lives before it tells what it has used: by then the watchdog has started. */
const SETTLE_MS = 500;
/** Nothing takes so long. */
const RUN_TIMEOUT_MS = 120_000;

const IMPORTS = `import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeFileSync } from 'node:fs';
`;
const SETTLING = `${IMPORTS}test('settles', async () => {
  await new Promise((resolve) => setTimeout(resolve, ${SETTLE_MS}));
  const { user, system } = process.cpuUsage();
  const used = { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
  writeFileSync(\`used-\${process.pid}.json\`, JSON.stringify(used));
});
`;
const EMPTY = `${IMPORTS}let start;
beforeAll(() => { start = process.threadCpuUsage(); });
afterAll(() => {
  const { user, system } = process.threadCpuUsage(start);
  writeFileSync('tests.json', String((user + system) / ${TESTS}));
});
for (let count = 0; count < ${TESTS}; count += 1) test(\`is empty \${count}\`, () => {});
`;
const SPINNING = `${IMPORTS}test('spins', () => {
  writeFileSync('start.json', String(performance.timeOrigin + performance.now()));
  let pos = 69;
  const cap = 68;
  while (pos !== cap) pos = 69;
});
`;

/** What a worker has used half a second after its start: of processor time, all threads of the process included, and of memory. */
export interface WorkerUse {
  readonly cpuMs: number;
  readonly rssBytes: number;
}

/** The projects of one variant. They stay for all rounds: what vitest keeps of a project it keeps of every one. */
export class GuardProjects {
  readonly #settling: VitestProject;
  readonly #empty: VitestProject;
  readonly #spinning: VitestProject;

  constructor(variant: GuardVariant, dist: string) {
    const setupFiles = variant === 'guarded' ? ['relayscope/vitest/guard'] : [];
    const config = { setupFiles, maxWorkers: 1, fileParallelism: false, testTimeout: LIMIT_MS };
    const project = (name: string, text: string, count = 1): VitestProject => {
      const names = Array.from({ length: count }, (_, index) => `${name}-${index}.test.js`);
      return new VitestProject({ config, dist, files: Object.fromEntries(names.map((one) => [one, text])) });
    };
    this.#settling = project('settling', SETTLING, WORKERS);
    this.#empty = project('empty', EMPTY);
    this.#spinning = project('spinning', SPINNING);
  }

  /** What some workers use, one after another: the median of each figure. */
  async workerUse(): Promise<WorkerUse> {
    const project = this.#settling;
    await run(project, 0);
    const uses = project.list(/^used-\d+\.json$/).map((name) => JSON.parse(taken(project, name)) as WorkerUse);
    return { cpuMs: median(uses.map((use) => use.cpuMs)), rssBytes: median(uses.map((use) => use.rssBytes)) };
  }

  /** What an empty test takes of the processor, in microseconds, in a file of thousands. */
  async testMicros(): Promise<number> {
    await run(this.#empty, 0);
    return Number(taken(this.#empty, 'tests.json'));
  }

  /** From the moment when the limit is over, in milliseconds: until the verdict is written, and until vitest has ended. */
  async verdictMs(): Promise<{ readonly verdict: number; readonly end: number }> {
    let toldMs = Number.NaN;
    await run(this.#spinning, 1, (text) => {
      if (Number.isNaN(toldMs) && /relayscope: stuck/.test(text)) toldMs = epochMs();
    });
    const endMs = epochMs();
    const overMs = Number(taken(this.#spinning, 'start.json')) + LIMIT_MS;
    return { verdict: toldMs - overMs, end: endMs - overMs };
  }

  remove(): void {
    for (const project of [this.#settling, this.#empty, this.#spinning]) project.remove();
  }
}

/** Reads what a test has left, once. */
function taken(project: VitestProject, name: string): string {
  const path = join(project.folder, name);
  const text = readFileSync(path, 'utf8');
  rmSync(path);
  return text;
}

async function run(project: VitestProject, expectedCode: number, onText?: (text: string) => void): Promise<void> {
  const { code, output } = await project.run(['run'], {
    timeoutMs: RUN_TIMEOUT_MS,
    ...(onText === undefined ? {} : { onText }),
  });
  if (code !== expectedCode) throw new Error(`vitest ended with ${code}, expected ${expectedCode}:\n${output}`);
}
