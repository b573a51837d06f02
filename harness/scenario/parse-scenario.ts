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
    return { file, prose: '', scenario: parseScenarioObject(capsule.value, capsule) };
  }
  const { title, prose, yaml, firstLine } = documentBlock(text, file);
  const block = readYaml(yaml, file, firstLine);
  // The heading is the title, unless the block has its own.
  const titled = isObject(block.value) && !('title' in block.value) ? { title, ...block.value } : block.value;
  return { file, prose, scenario: parseScenarioObject(titled, block) };
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
  const other = scenario.plan.faults.findIndex(({ fault }) => findFault(fault)?.level !== 'poll');
  if (other !== -1) {
    const fault = scenario.plan.faults[other]?.fault ?? '';
    throw malformed(
      ['plan', 'faults', other, 'fault'],
      'a fault of the poll level, in memory',
      shownValue(fault),
      source,
    );
  }
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

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first by its line: a person reads from the top. */
function firstIssue(value: unknown, issues: readonly z.core.$ZodIssue[], source?: ScenarioSource): ScenarioError {
  const all = issues.map((issue) => {
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
