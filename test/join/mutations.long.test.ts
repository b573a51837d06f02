import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { follow } from '../capture/support/follow.ts';
import { mutant } from '../capture/support/mutant.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { conversation } from '../export/pcapng/conversation.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-join-mutants-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const MUTANTS = 500;
const SEED = 20_261_125;
const [TRACE, CAPTURE] = ['fixtures/join/off-by-one.trace', 'fixtures/join/off-by-one.pcap'] as const;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(args, io);
  return { code, out: out(), err: err() };
}

/** Damaged copies of a file, the same each time; anything but a code and lines of our own rejects, as `runCli` does. */
function* mutants(bytes: Buffer): Generator<string> {
  const seeds = (['small', 'real', 'packed'] as const).map((kind) => ({ name: kind, kind, bytes }));
  for (let index = 0; index < MUTANTS; index += 1) {
    const file = join(folder, 'mutant');
    writeFileSync(file, mutant(seeds, SEED, index).bytes);
    yield file;
  }
}

/** The text form has no checksums: a damaged number is a number. */
async function asText(trace: string): Promise<Buffer> {
  const file = join(folder, 'seed.ndjson');
  expect((await run('export', trace, '--out', file, '--force', '--to', 'ndjson')).code).toBe(0);
  return readFileSync(file);
}

test('a damaged trace is joined as far as it can be read, or refused in one line', async () => {
  const codes = new Set<number>();
  for (const file of mutants(await asText(TRACE))) {
    const { code, err } = await run('join', file, CAPTURE);
    codes.add(code);
    expect(err).toMatch(/^(?:relayscope: .*\n){0,20}$/);
  }
  expect([...codes].toSorted((one, other) => one - other)).toEqual([0, 2]);
});

test('a damaged capture is joined as far as it can be read, or refused in one line', async () => {
  const codes = new Set<number>();
  for (const file of mutants(readFileSync(CAPTURE))) {
    const { code, err } = await run('join', TRACE, file);
    codes.add(code);
    expect(err).toMatch(/^(?:relayscope: .*\n){0,20}$/);
  }
  expect([...codes].toSorted((one, other) => one - other)).toEqual([0, 2]);
});

test('a damaged trace is exported as a capture that our reader reads, or refused in one line', async () => {
  const into = join(folder, 'mutant.pcapng');
  const story = await asText(TRACE);
  const talk = Buffer.from(conversation().text()).subarray(0, 8192);
  let exported = 0;
  for (const seed of [story, talk]) {
    for (const file of mutants(seed)) {
      const { code, err } = await run('export', '--to', 'pcapng', '--force', '--out', into, file);
      expect(err).toMatch(/^(?:relayscope: .*\n){0,20}$/);
      if (code !== 0) continue;
      exported += 1;
      await follow(readFileSync(into));
    }
  }
  expect(exported).toBeGreaterThan(MUTANTS);
});
