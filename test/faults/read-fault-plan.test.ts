import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFaultPlan } from '../../harness/faults/read-fault-plan.ts';

test('a plan that comes through a pipe in parts is read to its end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-plan-'));
  try {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const plan = readFaultPlan(pipe);
    const writer = await open(pipe, 'w');
    // More than a pipe holds, so that no single read has all of it.
    await writer.writeFile(`faults:\n${`  # ${'x'.repeat(90)}\n`.repeat(3000)}  - fault: silent\n`);
    await writer.close();
    expect(await plan).toEqual({ faults: [{ fault: 'silent' }] });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
