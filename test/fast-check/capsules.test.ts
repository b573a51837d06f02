import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { failuresOf } from '../../harness/explore/run-failure.ts';
import { capsules, chunks, plans, scenarios, type WrittenCapsule } from '../../harness/fast-check/index.ts';
import { readDocument } from '../../harness/scenario/find-documents.ts';
import type { Scenario } from '../../harness/scenario/scenario.ts';
import { runScenario } from '../../harness/sim/run-scenario.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import { Flag, Kind } from '../../src/trace/event-kind.ts';
import { Recorder } from '../../src/trace/recorder.ts';
import { capturedIo } from '../cli/captured-io.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayscope-capsules-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const SEED = 42;

/** A writer that drops what it has taken: the property that nothing is lost fails. */
const nothingIsLost = fc.property(scenarios({ faults: ['swallow', 'late', 'short'] }), (scenario) => {
  const [failure] = failuresOf(scenario, runScenario(scenario));
  if (failure !== undefined) throw new Error(failure.message);
});

function failureOf(run: () => unknown): Error {
  try {
    run();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('It should have failed');
}

function files(): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}

describe('a property about a scenario', () => {
  test('leaves a capsule that relayscope run repeats, and the trace of that run', async () => {
    const { message, cause, stack } = failureOf(() => {
      fc.assert(nothingIsLost, { seed: SEED, plugins: [capsules({ folder })] });
    });
    const [capsule = '', trace = ''] = files();
    expect(files()).toEqual([
      expect.stringMatching(/^accounting-[0-9a-f]{8}\.capsule\.json$/),
      `${capsule.slice(0, -'.capsule.json'.length)}.trace`,
    ]);
    expect(message).toContain(`Counterexample: [{ title: `);
    expect(message).toContain(`Capsule: npx relayscope run ${join(folder, capsule)}\n`);
    expect(message).toContain('1 bytes were reported as written, and 0 were taken');
    expect(message).toContain(`Trace: npx relayscope why ${join(folder, trace)}`);
    // Where a runner points to.
    expect(/\n +at .*/.exec(stack ?? '')?.[0]).toContain('capsules.test.ts');
    expect(cause).toEqual(new Error('1 bytes were reported as written, and 0 were taken'));

    const told = capturedIo();
    expect(await runCli(['run', join(folder, capsule)], told.io)).toBe(0);
    expect(told.out()).toBe('1 document, 1 run: all as expected\n');
    const why = capturedIo();
    expect(await runCli(['why', join(folder, trace)], why.io)).toBe(1);
    expect(why.out()).toMatch(/^finding +partial-over-report/m);
  });

  test('holds the smallest counterexample, and not the first', async () => {
    failureOf(() => {
      fc.assert(nothingIsLost, { seed: SEED, plugins: [capsules({ folder })] });
    });
    const { scenario } = await readDocument(join(folder, files()[0] ?? ''));
    expect(scenario.plan.faults.map(({ side, ...rest }) => [rest, side === undefined])).toEqual([
      [{ fault: 'swallow' }, false],
    ]);
    expect([...(scenario.a.read ?? []), ...(scenario.b.read ?? [])]).toEqual([1]);
    expect(scenario.options).toEqual({});
  });

  test('is repeated by the seed and the path in it, which end in the same capsule', async () => {
    failureOf(() => {
      fc.assert(nothingIsLost, { seed: SEED, plugins: [capsules({ folder })] });
    });
    const [name = ''] = files();
    const before = readFileSync(join(folder, name), 'utf8');
    const { scenario } = await readDocument(join(folder, name));
    const { seed, path } = scenario.property ?? { seed: 0, path: '' };
    expect(seed).toBe(SEED);
    rmSync(join(folder, name));
    const again = failureOf(() => {
      fc.assert(nothingIsLost, { seed, path, endOnFailure: true, plugins: [capsules({ folder })] });
    });
    expect(again.message).toContain('Property failed after 1 tests');
    expect(readFileSync(join(folder, name), 'utf8')).toBe(before);
  });

  test('breaks when what it caught is mended: a capsule is a regression test', async () => {
    failureOf(() => {
      fc.assert(nothingIsLost, { seed: SEED, plugins: [capsules({ folder })] });
    });
    const [name = ''] = files();
    const capsule = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Scenario;
    writeFileSync(join(folder, name), JSON.stringify({ ...capsule, plan: { faults: [] } }));
    const told = capturedIo();
    expect(await runCli(['run', join(folder, name)], told.io)).toBe(1);
    expect(told.out() + told.err()).toContain('expected a breach of accounting');
  });

  test('says so if the run of it breaks no law, and only the property asks more', () => {
    const property = fc.property(scenarios({ faults: [] }), ({ a }) => a.read === undefined);
    const { message } = failureOf(() => {
      fc.assert(property, { seed: SEED, plugins: [capsules({ folder })] });
    });
    expect(files()[0]).toMatch(/^property-[0-9a-f]{8}\.capsule\.json$/);
    expect(message).toContain('The run itself breaks no law: what fails is what the property asks of it');
  });
});

describe('any other property', () => {
  test('leaves its values as text, its plan, and fast-check’s seed and path', () => {
    const property = fc.property(chunks(), plans({ faults: ['swallow'] }), (some, { faults }) => {
      if (some.length > 1 && faults.length > 0) throw new Error('Lost');
    });
    const { message } = failureOf(() => {
      fc.assert(property, { seed: SEED, plugins: [capsules({ folder })] });
    });
    const [name = ''] = files();
    expect(files()).toEqual([expect.stringMatching(/^property-[0-9a-f]{8}\.property\.json$/)]);
    expect(message).toContain(`Values: ${join(folder, name)}`);
    const kept: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    expect(kept).toMatchObject({
      property: { seed: SEED },
      values: "[[Buffer.from('00', 'hex'), Buffer.from('00', 'hex')],{ faults: [{ fault: 'swallow', side: 'a' }] }]",
      plan: { faults: [{ fault: 'swallow', side: 'a' }] },
      error: 'Lost',
    });
  });

  test('leaves what its recorder held when it failed with the smallest values, and not what came after', async () => {
    const recorder = new Recorder({ keptRecords: 64, ringRecords: 256 });
    const connection = recorder.openConnection({ a: 'left', b: 'right' });
    // Each run records as many writes as the number says; those from 3 on fail.
    const property = fc.property(fc.nat(20), (n) => {
      for (let write = 1; write <= n; write += 1)
        recorder.event(Kind.WRITE | Flag.WRITE_HALF, connection, 0, n, write, n);
      return n < 3;
    });
    const told: WrittenCapsule[] = [];
    const { message } = failureOf(() => {
      fc.assert(property, {
        seed: SEED,
        plugins: [capsules({ folder, recorder, onCapsule: (one) => told.push(one) })],
      });
    });
    const [{ trace } = { trace: '' }] = told;
    expect(message).toContain(`Trace: npx relayscope why ${trace}`);
    const writes: unknown[] = [];
    for await (const item of openTrace(trace ?? ''))
      if (item.kind === 'records')
        for (const { n, offered } of decodeRecords(item.words, item.firstSeq)) writes.push({ n, offered });
    expect(writes).toEqual([
      { n: 1, offered: 3 },
      { n: 2, offered: 3 },
      { n: 3, offered: 3 },
    ]);
  });

  test('that is asynchronous is told in the same way', async () => {
    const property = fc.asyncProperty(chunks(), async (some) => Promise.resolve(some.length < 2));
    const failed: unknown = await Promise.resolve(
      fc.assert(property, { seed: SEED, plugins: [capsules({ folder })] }),
    ).catch((error: unknown) => error);
    expect(String(failed)).toContain(`Values: ${join(folder, files()[0] ?? '')}`);
  });
});

describe('what is not for it', () => {
  test('a property that holds leaves nothing, not even the folder', () => {
    const inner = join(folder, 'capsules');
    fc.assert(
      fc.property(chunks(), () => true),
      { seed: SEED, plugins: [capsules({ folder: inner })] },
    );
    expect(files()).toEqual([]);
  });

  test('who has a reporter of their own writes the message, and is told where the capsule is', () => {
    const told: WrittenCapsule[] = [];
    const reported: boolean[] = [];
    fc.assert(nothingIsLost, {
      seed: SEED,
      plugins: [capsules({ folder, onCapsule: (written) => told.push(written) })],
      reporter: ({ failed }) => reported.push(failed),
    });
    expect(reported).toEqual([true]);
    expect(told).toEqual([
      {
        file: join(folder, files()[0] ?? ''),
        trace: join(folder, files()[1] ?? ''),
        command: `npx relayscope run ${join(folder, files()[0] ?? '')}`,
      },
    ]);
  });

  test('fc.check throws nothing, and keeps the capsule all the same', async () => {
    const { failed } = fc.check(nothingIsLost, { seed: SEED, plugins: [capsules({ folder })] });
    expect(failed).toBe(true);
    expect(files()).toHaveLength(2);
    const property = fc.asyncProperty(chunks(), async (some) => Promise.resolve(some.length < 2));
    const details = await Promise.resolve(fc.check(property, { seed: SEED, plugins: [capsules({ folder })] }));
    expect(details.failed).toBe(true);
    expect(files()).toHaveLength(3);
  });

  test('what fails before any value is told as it is', () => {
    const property = fc.property(chunks(), () => true);
    property.beforeEach((): void => {
      throw new Error('Not even begun');
    });
    const { message } = failureOf(() => {
      fc.assert(property, { seed: SEED, plugins: [capsules({ folder })] });
    });
    expect(message).toBe('Not even begun');
    expect(files()).toEqual([]);
  });

  test('two properties that fail with the same values keep both', () => {
    for (const why of ['One', 'Two', 'Two'])
      failureOf(() => {
        const property = fc.property(fc.nat(), (): boolean => {
          throw new Error(why);
        });
        fc.assert(property, { seed: SEED, plugins: [capsules({ folder })] });
      });
    expect(files()).toHaveLength(2);
  });

  test('a property that skips too much is told by fast-check', () => {
    const property = fc.property(chunks(), () => {
      fc.pre(false);
    });
    const { message } = failureOf(() => {
      fc.assert(property, { seed: SEED, plugins: [capsules({ folder })] });
    });
    expect(message).toContain('too many pre-condition failures');
    expect(files()).toEqual([]);
  });

  test('a folder that cannot be written hides nothing of the failure', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { message } = failureOf(() => {
      fc.assert(nothingIsLost, { seed: SEED, plugins: [capsules({ folder: join(file, 'capsules') })] });
    });
    expect(message).toContain('Counterexample: [{ title: ');
    expect(message).toMatch(/No capsule: Cannot write .*: E(?:NOTDIR|EXIST)/);
    expect(files()).toEqual(['file']);
  });
});
