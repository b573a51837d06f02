import { createHash } from 'node:crypto';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { TOKIO_FAMILIES } from '../../src/copy/dialect-table.ts';
import type { Scenario, SideEntry, SideScript } from '../scenario/scenario.ts';
import { fingerprint } from './fingerprint.ts';
import { Random } from './random.ts';
import type { RunResult } from './run-result.ts';
import { runSelfChecked } from './run-self-checked.ts';

const SCENARIOS = 60;
const DIALECTS = ['checked', ...TOKIO_FAMILIES.map(({ since }) => `tokio-${since}`)];

/**
 * One text for what some hundreds of runs came to and for every byte of their traces, each run twice. It is the same on every
 * Node and every machine; `node harness/sim/trace-digest.ts` prints it, after the version.
 */
export function traceDigest(onRun: (result: RunResult) => void = () => undefined): string {
  const hash = createHash('sha256');
  const random = new Random(2026);
  for (let number = 0; number < SCENARIOS; number += 1) {
    const scenario = generate(random, number);
    const schedule = { seed: random.next(), maxDelayMs: random.below(4) };
    const chunkBytes = 1 + random.below(100);
    for (const dialect of DIALECTS) {
      const { coopBudget, bufferBytes, ...options } = scenario.options;
      const hasSizes = resolveDialect(dialect).hasBufferSizes && bufferBytes !== undefined;
      const able = {
        ...scenario,
        options: { ...options, coopBudget, ...(hasSizes ? { bufferBytes } : {}) },
      } as Scenario;
      for (const more of [{}, { schedule, chunkBytes }]) {
        const { result, trace } = runSelfChecked(able, { dialect, ...more });
        onRun(result);
        hash.update(fingerprint(result)).update(trace);
      }
    }
  }
  return hash.digest('hex');
}

function generate(random: Random, number: number): Scenario {
  return {
    title: `generated ${number}`,
    dialects: DIALECTS,
    options: { coopBudget: random.below(2) === 0, bufferBytes: 1 + random.below(64), maxPolls: 2000 },
    seed: random.next(),
    a: generateSide(random),
    b: generateSide(random),
    plan: { faults: random.below(2) === 0 ? [] : [{ fault: 'short', when: { chance: 0.3 } }] },
    expect: { outcome: 'completed' },
  };
}

function generateSide(random: Random): SideScript {
  const words: readonly SideEntry[] = ['p', 'p', { waitMs: random.below(20) }, { received: random.below(40) }];
  const list = (most: number, other: () => SideEntry): SideEntry[] =>
    Array.from({ length: random.below(most) }, () => words[random.below(8)] ?? other());
  const rare = (entry: SideEntry, usual: SideEntry): SideEntry => (random.below(30) === 0 ? entry : usual);
  return {
    read: list(12, () => rare({ text: 'GET / HTTP/1.1' }, rare('e', random.below(200)))),
    write: list(12, () => rare({ d: random.below(3) - 1 }, rare('x', 1 + random.below(90)))),
    flush: list(3, () => 0),
    shutdown: list(3, () => rare('e', 0)),
  };
}

if (process.argv[1] === import.meta.filename) process.stdout.write(`${process.version} ${traceDigest()}\n`);
