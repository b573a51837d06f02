import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import {
  filledIn,
  instancesOf,
  isBegun,
  type JobInstance,
  type Status,
  type Workflow,
  type WorkflowJob,
  type WorkflowStep,
} from './workflow.ts';

const STEP_TIMEOUT_MS = 300_000;

/** What came of one machine of a job. */
export interface JobResult {
  readonly job: string;
  readonly matrix: JobInstance['matrix'];
  readonly status: Status;
  /** Of its commands: the exit code, and all that they wrote. */
  readonly steps: readonly { readonly run: string; readonly code: number | null; readonly text: string }[];
  /** The summary of the job. */
  readonly summary: string;
}

/**
 * Runs a workflow as GitHub would, on this machine: each job on a machine of its own, which is a folder that is always at the same
 * path and begins empty; actions by what they mean here. Artifacts are kept as GitHub keeps them: each by its name, hidden files left
 * out, several paths with their folders, one without.
 */
export class Runner {
  readonly #project: string;
  readonly #machine: string;
  readonly #artifacts: string;
  readonly #results: JobResult[] = [];

  /** @param folder of its own, for the machine and the artifacts. */
  constructor(project: string, folder: string) {
    this.#project = project;
    this.#machine = join(folder, 'work');
    this.#artifacts = join(folder, 'artifacts');
  }

  run({ jobs }: Workflow): JobResult[] {
    // Those that need another stand after it in the file.
    for (const [name, job] of Object.entries(jobs)) {
      const before = this.#results.filter((result) => result.job === job.needs);
      if (job.needs !== undefined && before.length === 0)
        throw new Error(`${name} needs ${job.needs}, which is not before it`);
      const status = before.every((result) => result.status === 'success') ? 'success' : 'failure';
      if (!isBegun(job.if, status)) continue;
      for (const instance of instancesOf(job)) this.#results.push(this.#runJob(name, job, instance));
    }
    return this.#results;
  }

  /** A file of an artifact. */
  artifact(name: string, path: string): string {
    return readFileSync(join(this.#artifacts, name, path), 'utf8');
  }

  #runJob(job: string, { steps, env = {} }: WorkflowJob, instance: JobInstance): JobResult {
    rmSync(this.#machine, { recursive: true, force: true });
    mkdirSync(this.#machine, { recursive: true });
    const summary = `${this.#machine}-summary.md`;
    rmSync(summary, { force: true });
    const made: { run: string; code: number | null; text: string }[] = [];
    let status: Status = 'success';
    for (const step of steps) {
      if (!isBegun(step.if, status)) continue;
      if (step.uses !== undefined) this.#use(step, instance);
      if (step.run === undefined) continue;
      const run = filledIn(step.run, instance);
      const { code, text } = this.#shell(run, { ...env, GITHUB_STEP_SUMMARY: summary });
      made.push({ run, code, text });
      if (code !== 0) status = 'failure';
    }
    const told = existsSync(summary) ? readFileSync(summary, 'utf8') : '';
    return { job, matrix: instance.matrix, status, steps: made, summary: told };
  }

  #shell(run: string, more: NodeJS.ProcessEnv): { code: number | null; text: string } {
    const ours = /^(?:TEST|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|(?:VITEST|GITHUB|RELAYSCOPE)(?:_.*)?)$/;
    const env = {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
      CI: 'true',
      NO_COLOR: '1',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: this.#machine,
      ...more,
    };
    const cwd = this.#machine;
    const options = { cwd, env, encoding: 'utf8', timeout: STEP_TIMEOUT_MS, maxBuffer: 1 << 26 } as const;
    const { status, stdout } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', `{ ${run}\n} 2>&1`], options);
    return { code: status, text: stdout };
  }

  #use({ uses = '', with: given = {} }: WorkflowStep, instance: JobInstance): void {
    const input = (name: string): string | undefined =>
      given[name] === undefined ? undefined : filledIn(String(given[name]), instance);
    const [action = ''] = uses.split('@');
    switch (action) {
      case 'actions/checkout':
        cpSync(this.#project, this.#machine, { recursive: true });
        return;
      case 'actions/setup-node':
        // The Node that is here: what can be asked is that there is one that the package runs on, and a lock file to be cached.
        if (Number(input('node-version')) < 22)
          throw new Error(`relayscope does not run on Node ${input('node-version') ?? ''}`);
        if (input('cache') === 'npm' && !existsSync(join(this.#machine, 'package-lock.json')))
          throw new Error('No lock file that could be cached');
        return;
      case 'actions/upload-artifact':
        this.#upload(input('name') ?? 'artifact', input('path') ?? '');
        return;
      case 'actions/download-artifact':
        if (given['merge-multiple'] !== true) throw new Error('Unknown: a download that is not merged');
        this.#download(input('pattern') ?? '*');
        return;
      default:
        throw new Error(`Unknown action: ${uses}`);
    }
  }

  #upload(name: string, paths: string): void {
    const target = join(this.#artifacts, name);
    if (existsSync(target)) throw new Error(`Two artifacts of one name: ${name}`);
    const wanted = paths.split('\n').filter((path) => path !== '');
    for (const path of wanted) {
      const from = join(this.#machine, path);
      if (!existsSync(from)) continue;
      const isFolder = statSync(from).isDirectory();
      const root = wanted.length > 1 ? this.#machine : isFolder ? from : dirname(from);
      for (const file of filesOf(from)) {
        if (
          relative(this.#machine, file)
            .split('/')
            .some((part) => part.startsWith('.'))
        )
          continue;
        cpSync(file, join(target, relative(root, file)), { recursive: true });
      }
    }
  }

  #download(pattern: string): void {
    for (const name of globSync(pattern, { cwd: this.#artifacts }).toSorted())
      for (const file of filesOf(join(this.#artifacts, name))) {
        const to = join(this.#machine, relative(join(this.#artifacts, name), file));
        if (existsSync(to)) throw new Error(`Two artifacts have ${basename(to)}`);
        cpSync(file, to);
      }
  }
}

function filesOf(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
