import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { requires } from '../requires.ts';
import { readForeign } from './support/read-foreign.ts';

/** Where Debian puts the sources of its crates. */
const REGISTRY = '/usr/share/cargo/registry';
const project = join(import.meta.dirname, '../../fixtures/rust-relay');

// rustup's is not on every PATH.
const [cargo = 'cargo'] = ['/usr/bin/cargo', join(homedir(), '.cargo/bin/cargo')].filter((path) => existsSync(path));
const hasRust = requires('cargo and librust-tokio-dev 1.24.2', () => {
  execFileSync(cargo, ['--version'], { stdio: 'ignore' });
  if (!existsSync(join(REGISTRY, 'tokio-1.24.2'))) throw new Error(`No tokio-1.24.2 in ${REGISTRY}`);
});

describe.skipIf(!hasRust)('the program of docs/other-languages.md, built with the real tokio', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rust-relay-'));
  const program = join(folder, 'target/release/rust-relay');

  beforeAll(() => {
    cpSync(project, folder, { recursive: true });
    const debian = [`replace-with="debian"`, `directory="${REGISTRY}"`];
    const sources = ['crates-io', 'debian'].flatMap((name, i) => ['--config', `source.${name}.${debian[i] ?? ''}`]);
    execFileSync(cargo, [...sources, 'build', '--release', '--offline', '--quiet'], {
      cwd: folder,
      env: { ...process.env, CARGO_TARGET_DIR: join(folder, 'target') },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  }, 300_000);

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test.each([
    ['header-counted', 3],
    ['right', 0],
  ])('records %s as it was, and ends with %i', async (adapter, code) => {
    const trace = join(folder, 'anew.ndjson');
    const { status, stderr } = spawnSync(program, [adapter, trace], { encoding: 'utf8', timeout: 60_000 });
    expect({ status, stderr }).toEqual({ status: code, stderr: '' });
    expect(await readForeign(trace)).toEqual(await readForeign(join(project, `${adapter}.ndjson`)));
  });
});
