import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { failureReport } from '../../harness/scenario/failure-report.ts';
import { parseScenario } from '../../harness/scenario/parse-scenario.ts';
import { runDocument } from '../../harness/scenario/run-document.ts';
import { LIVE_ADAPTERS, LIVE_RELAYS } from '../../harness/scenario/live/live-setup.ts';
import { LAWS, RUN_OUTCOMES } from '../../harness/scenario/scenario.ts';
import { scenarioSchema } from '../../harness/scenario/scenario-schema.ts';
import {
  MAX_BYTES,
  MAX_IDLE_POLLS,
  MAX_MS,
  MAX_POLLS,
  MAX_STARVED_POLLS,
  MAX_STEPS,
} from '../../harness/sim/run-limits.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/scenarios.md'), 'utf8');

test('the whole example of docs/scenarios.md is a document, and comes out as it says', async () => {
  const [, example = ''] = /`{4,}markdown\n([\s\S]*?)\n`{4,}\n/.exec(page) ?? [];
  const document = parseScenario(example, 'docs/scenarios.md');
  expect(document.scenario.title).toBe('The reply is lost with the half-close');
  const result = await runDocument(document);
  expect(failureReport(result)).toEqual([]);
  expect(result.runs).toBe(438);
});

const outside = page.replace(/^`{4,}markdown\n[\s\S]*?\n`{4,}$/m, '');
const samples = [...outside.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

test('every other sample is the block of a document that comes out as it says', async () => {
  const runs: number[] = [];
  for (const block of samples) {
    const document = parseScenario(`# A sample\n\nIts prose.\n\n\`\`\`yaml\n${block}\`\`\`\n`, 'docs/scenarios.md');
    const result = await runDocument(document);
    expect(failureReport(result)).toEqual([]);
    runs.push(result.runs);
  }
  expect(runs).toEqual([260, 72, 1]);
});

test('the failure that is shown is the one of a right adapter whose origin never answers', async () => {
  const text = readFileSync(join(import.meta.dirname, '../../fixtures/scenarios/story/right-adapter.md'), 'utf8');
  const document = parseScenario(text.replace('{ received: 68 }', '{ received: 69 }'), 'story/right-adapter.md');
  const result = await runDocument(document, { filter: { dialect: 'tokio-1.9.0', swapped: false, chunkBytes: 'own' } });
  expect(outside).toContain(`\`\`\`\n${failureReport(result).join('\n')}\n\`\`\`\n`);
});

/** Every key of a schema, and of what is in it; what is checked by hand is listed below. */
function keysOf(schema: unknown): string[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([key, inner]) => [key, ...keysOf(inner)]);
  if (schema instanceof z.ZodArray) return keysOf(schema.element);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap(keysOf);
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional) return keysOf(schema.unwrap());
  return [];
}

test('docs/scenarios.md has every key of the grammar', () => {
  const keys = keysOf(scenarioSchema);
  // A key of each depth: the walk has not stopped at the first.
  expect(keys).toEqual(expect.arrayContaining(['title', 'shutdown', 'bToA', 'waker', 'limitMs', 'faults']));
  const byHand = ['not', 'text', 'hex', 'd', 'waitMs', 'received', 'p', 'x', 'e', 'z'];
  byHand.push('send', 'sendBytes', 'receive', 'end', 'reset');
  const words = new Set([...page.matchAll(/`([^`\n]+)`/g)].flatMap(([, code = '']) => code.split(/[^\w-]+/)));
  const all = [...keys, ...byHand, ...RUN_OUTCOMES, ...LAWS, ...LIVE_RELAYS, ...LIVE_ADAPTERS];
  expect(all.filter((key) => !words.has(key))).toEqual([]);
});

test('the limits of a run are those that the page says', () => {
  const limits = { maxPolls: MAX_POLLS, maxSteps: MAX_STEPS, maxBytes: MAX_BYTES, maxMs: MAX_MS };
  for (const [name, limit] of Object.entries(limits))
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` .* Default: ${limit.toLocaleString('en-US')}\\b`, 'm'));
  expect(page).toContain(`${MAX_IDLE_POLLS.toLocaleString('en-US')} polls in a row that move nothing`);
  expect(page).toContain(`and ${MAX_STARVED_POLLS} in which one direction moves`);
});
