import type { z } from 'zod';
import { resolveDialect } from '../../src/copy/dialect.ts';
import { findFault } from '../faults/fault-registry.ts';
import { documentBlock } from './document-block.ts';
import { pathText, ScenarioError, shownValue } from './scenario-error.ts';
import { scenarioSchema } from './scenario-schema.ts';
import type { Scenario } from './scenario.ts';
import { readYaml, type YamlValue } from './read-yaml.ts';

/** A longer document or capsule is refused. */
export const MAX_SCENARIO_BYTES = 4 * 1024 * 1024;

/** What a file of a scenario holds. */
export interface ScenarioDocument {
  readonly file: string;
  /** Of a document; empty for a capsule. */
  readonly prose: string;
  readonly scenario: Scenario;
  /** The line in the file of what stands at a path of the scenario. Not there: it was in no file. */
  readonly lineOf?: ScenarioSource['lineOf'];
}

/** Where a value came from, so that an error can name the line. */
export type ScenarioSource = Pick<YamlValue, 'file' | 'lineOf'>;

/**
 * Reads a scenario from the text of its file: a capsule if the file is called `.json`, else a document in Markdown.
 * Throws SCENARIO_MALFORMED with the line of what is wrong.
 */
export function parseScenario(text: string, file: string): ScenarioDocument {
  if (Buffer.byteLength(text) > MAX_SCENARIO_BYTES) {
    throw new ScenarioError('', `at most ${MAX_SCENARIO_BYTES} bytes`, `${Buffer.byteLength(text)}`, { file });
  }
  if (file.endsWith('.json')) {
    const capsule = readYaml(text, file, 1);
    refusePropertyValues(capsule);
    return { file, prose: '', scenario: parseScenarioObject(capsule.value, capsule), lineOf: capsule.lineOf };
  }
  const { title, prose, yaml, firstLine } = documentBlock(text, file);
  const block = readYaml(yaml, file, firstLine);
  // The heading is the title, unless the block has its own.
  const titled = isObject(block.value) && !('title' in block.value) ? { title, ...block.value } : block.value;
  return { file, prose, scenario: parseScenarioObject(titled, block), lineOf: block.lineOf };
}

/**
 * Checks a scenario that is an object already: the one schema of documents and capsules.
 * Throws SCENARIO_MALFORMED with the path of the first thing that is wrong.
 */
export function parseScenarioObject(value: unknown, source?: ScenarioSource): Scenario {
  const checked = scenarioSchema.safeParse(value);
  if (!checked.success) throw firstIssue(value, checked.error.issues, source);
  // The schema is the type, but for entries and expectations, which it has checked key by key.
  const scenario = checked.data as Scenario;
  const size = scenario.options.bufferBytes;
  const unsized =
    size === undefined ? undefined : scenario.dialects.find((name) => !resolveDialect(name).hasBufferSizes);
  if (unsized !== undefined) {
    throw malformed(
      ['options', 'bufferBytes'],
      'dialects whose buffers have sizes (checked, tokio from 1.38)',
      unsized,
      source,
    );
  }
  checkLive(scenario, source);
  checkLevels(scenario, source);
  if (scenario.expect.golden !== undefined && scenario.dialects.length > 1) {
    throw malformed(
      ['expect', 'golden'],
      'one dialect, where there is a golden trace',
      String(scenario.dialects.length),
      source,
    );
  }
  return scenario;
}

/** A fault that cannot act where the scenario runs would be a test that passes. */
function checkLevels({ live, plan }: Scenario, source?: ScenarioSource): void {
  const levels = live === undefined ? ['poll'] : live.relay === 'plain' ? ['poll', 'transport'] : ['poll', 'websocket'];
  for (const [index, { fault }] of plan.faults.entries()) {
    if (levels.includes(findFault(fault)?.level ?? '')) continue;
    const where = live === undefined ? 'in memory' : `through a ${live.relay} relay`;
    const expected = `a fault of the ${levels.join(' or ')} level, ${where}`;
    throw malformed(['plan', 'faults', index, 'fault'], expected, shownValue(fault), source);
  }
}

/** What nobody would look at is refused. */
function checkLive({ live, a, b, swapped, chunks, options, expect }: Scenario, source?: ScenarioSource): void {
  if (live === undefined) return;
  const given = { swapped, chunks, a: Object.keys(a)[0], b: Object.keys(b)[0], options: Object.keys(options)[0] };
  const unused = Object.entries(given).find(([, value]) => value !== undefined)?.[0];
  if (unused !== undefined) throw malformed([unused], 'nothing, in a live scenario', 'some', source);
  for (const key of ['breaks', 'waits', 'events', 'never', 'golden'] as const) {
    if (expect[key] !== undefined) throw malformed(['expect', key], 'nothing, in a live scenario', 'some', source);
  }
}

/** A property that is not about a scenario leaves a file beside the capsules: its values, which only the property itself can run. */
function refusePropertyValues({ value, file }: YamlValue): void {
  if (!isObject(value) || !('values' in value) || 'dialects' in value) return;
  const { property } = value;
  if (!isObject(property)) return;
  const again = `fc.assert(property, { seed: ${shownValue(property['seed'])}, path: ${shownValue(property['path'])}, endOnFailure: true })`;
  throw new ScenarioError('', 'a capsule', `the values of a property, which its own test repeats: ${again}`, { file });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first by its line: a person reads from the top. */
function firstIssue(value: unknown, issues: readonly z.core.$ZodIssue[], source?: ScenarioSource): ScenarioError {
  // What is missing where a key is unknown is most likely that key.
  const misspelled = new Set(
    issues.filter(({ code }) => code === 'unrecognized_keys').map(({ path }) => pathText(path)),
  );
  const isExplained = ({ code, path }: z.core.$ZodIssue): boolean =>
    code !== 'unrecognized_keys' && valueAt(value, path) === undefined && misspelled.has(pathText(path.slice(0, -1)));
  const told = issues.filter((issue) => !isExplained(issue));
  const all = told.map((issue) => {
    // A key that is unknown is shown itself, rather than the object that it is in.
    const unknownKey = issue.code === 'unrecognized_keys' ? issue.keys[0] : undefined;
    const path = unknownKey === undefined ? issue.path : [...issue.path, unknownKey];
    const got = unknownKey === undefined ? shownValue(valueAt(value, issue.path)) : shownValue(unknownKey);
    return malformed(path, issue.message, got, source);
  });
  const [first] = all.sort((x, y) => (x.line ?? 0) - (y.line ?? 0));
  return first ?? malformed([], 'a scenario', shownValue(value), source);
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let at: unknown = value;
  for (const key of path)
    at = Array.isArray(at) ? (at as unknown[])[Number(key)] : isObject(at) ? at[String(key)] : undefined;
  return at;
}

function malformed(
  path: readonly PropertyKey[],
  expected: string,
  got: string,
  source?: ScenarioSource,
): ScenarioError {
  const place = source === undefined ? {} : { file: source.file, line: source.lineOf(path) };
  return new ScenarioError(pathText(path), expected, got, place);
}
