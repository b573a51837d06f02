import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

test('a plan that is not UTF-8 is refused: what stands for its broken bytes would be another plan', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'relayscope-plan-'));
  try {
    const file = join(folder, 'plan.yaml');
    writeFileSync(file, Buffer.from('faults: [{ fault: error, message: "caf\xe9" }]', 'latin1'));
    await expect(readFaultPlan(file)).rejects.toMatchObject({
      code: 'FAULT_PLAN_MALFORMED',
      message: `${file}: expected text in UTF-8, got bytes that are not`,
    });
    // Cut by the limit within a character, it is too long and nothing else.
    writeFileSync(file, `faults: [] #${'é'.repeat(600_000)}`);
    await expect(readFaultPlan(file)).rejects.toThrow('expected at most 1048576 bytes');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
