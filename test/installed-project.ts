import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { inject } from 'vitest';

const ROOT = join(import.meta.dirname, '..');
const COMMAND_TIMEOUT_MS = 240_000;

export interface Packed {
  /** The path of the `.tgz`. */
  readonly file: string;
  /** What is in it. */
  readonly paths: readonly string[];
}

/** The package as npm would publish it, made once in a run of vitest. */
export function packedPackage(): Packed {
  const folder = inject('packFolder');
  const report = join(folder, 'report.json');
  if (!existsSync(report)) writeFileSync(report, npm(ROOT, 'pack', '--json', '--pack-destination', folder));
  // A list of packages, or since npm 12 an object by name.
  const [packed] = Object.values(JSON.parse(readFileSync(report, 'utf8')) as object) as {
    filename: string;
    files: { path: string }[];
  }[];
  if (packed === undefined) throw new Error('npm pack has made no package');
  return { file: join(folder, packed.filename), paths: packed.files.map(({ path }) => path) };
}

/**
 * A copy of a folder, outside the repository, with the packed package and other packages installed as a user would.
 * Whoever asked for it removes it.
 *
 * @param packages as for `npm install`: `vitest@4.1.12`.
 */
export function installedProject(template: string | null, packages: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-project-'));
  if (template === null) writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  else cpSync(template, folder, { recursive: true });
  npm(folder, 'install', '--no-audit', '--no-fund', packedPackage().file, ...packages);
  return folder;
}

function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}

/** Without what the test runner around us and CI have set: how npm reaches its registry stays. */
function personsEnvironment(): NodeJS.ProcessEnv {
  const ours = /^(?:CI|TEST|NODE_ENV|NODE_OPTIONS|FORCE_COLOR|(?:VITEST|GITHUB|RELAYSCOPE)(?:_.*)?)$/;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name)));
}

export interface Said {
  readonly status: number | null;
  /** What it wrote to stdout and stderr, without colours. */
  readonly text: string;
}

/** Runs a shell command in a project, its installed commands first on the path, with the environment of a person's terminal. */
export function runIn(folder: string, command: string, { nodePath }: { readonly nodePath?: string } = {}): Said {
  const path = [
    ...(nodePath === undefined ? [] : [nodePath]),
    join(folder, 'node_modules/.bin'),
    process.env['PATH'],
  ].join(delimiter);
  const { status, stdout } = spawnSync('sh', ['-c', `{ ${command}\n} 2>&1`], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...personsEnvironment(), PATH: path, NO_COLOR: '1' },
    timeout: COMMAND_TIMEOUT_MS,
    maxBuffer: 64 * 1024 * 1024,
  });
  return { status, text: stdout };
}
