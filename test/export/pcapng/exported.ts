import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { runCli } from '../../../harness/cli/run-cli.ts';
import { capturedIo } from '../../cli/captured-io.ts';
import { HandMadeTrace } from './hand-made-trace.ts';

export const folder = mkdtempSync(join(tmpdir(), 'relayscope-pcapng-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Exports a trace, and returns the name of the capture. */
export async function exported(
  trace: HandMadeTrace | Uint8Array,
  name: string,
): Promise<{ file: string; err: string }> {
  const source = join(folder, `${name}.ndjson`);
  writeFileSync(source, trace instanceof HandMadeTrace ? trace.text() : trace);
  const file = join(folder, `${name}.pcapng`);
  const { io, out, err } = capturedIo();
  expect(await runCli(['export', source, '--to', 'pcapng', '--force'], io), err()).toBe(0);
  expect(out()).toBe(`${file}\n`);
  return { file, err: err() };
}
