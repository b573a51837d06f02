import { readFileSync } from 'node:fs';
import { RelayscopeError } from '../../../src/errors.ts';
import { documentBlock } from '../../scenario/document-block.ts';
import { failureReport } from '../../scenario/failure-report.ts';
import { readYaml, type YamlValue } from '../../scenario/read-yaml.ts';
import type { DocumentResult, RunFailure } from '../../scenario/run-document.ts';
import { frameOf, pointAt } from '../call-site.ts';
import type { DocumentPlace } from './document-test.ts';

/**
 * Code SCENARIO_FAILED: runs of a document were not as it says. Its message is what `relayscope run` prints of them, and it points at
 * the line of the first expectation that was not met.
 */
export function documentFailure(result: DocumentResult, { file, caller }: DocumentPlace): RelayscopeError {
  const [first] = result.failures;
  const path = first === undefined ? [] : expectationPath(first, result);
  const error = new RelayscopeError('SCENARIO_FAILED', failureReport(result).join('\n'));
  return pointAt(error, frameOf(path.join('.'), file, lineOf(file, path)), caller);
}

/** Where in the document stands what was expected: in `expect`, or in what it says of runs that are swapped, or cut. */
function expectationPath({ run, mismatches }: RunFailure, { document }: DocumentResult): (string | number)[] {
  const { swapped, chunks } = document.scenario;
  const parts = (mismatches[0]?.path ?? '')
    .split(',')[0]
    ?.split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  if (parts?.[0] === 'plan') return parts;
  const isCut = run.chunkBytes !== null && chunks !== undefined;
  const isSwapped = run.swapped && swapped !== undefined;
  return [isCut ? 'chunks' : isSwapped ? 'swapped' : 'expect', ...(parts ?? [])];
}

function lineOf(file: string, path: readonly (string | number)[]): number {
  try {
    return blockOf(readFileSync(file, 'utf8'), file).lineOf(path);
  } catch {
    // It was read a moment ago: somebody is writing it. The failure is what matters.
    return 1;
  }
}

function blockOf(text: string, file: string): YamlValue {
  if (file.endsWith('.json')) return readYaml(text, file, 1);
  const { yaml, firstLine } = documentBlock(text, file);
  return readYaml(yaml, file, firstLine);
}
