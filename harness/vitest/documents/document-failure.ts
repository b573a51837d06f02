import { RelayscopeError } from '../../../src/errors.ts';
import { expectationPath } from '../../scenario/expectation-path.ts';
import { failureReport } from '../../scenario/failure-report.ts';
import type { DocumentResult } from '../../scenario/run-document.ts';
import { frameOf, pointAt } from '../call-site.ts';
import type { DocumentPlace } from './document-test.ts';

/**
 * Code SCENARIO_FAILED: runs of a document were not as it says. Its message is what `relayscope run` prints of them, and it points at
 * the line of the first expectation that was not met.
 */
export function documentFailure(result: DocumentResult, { file, caller }: DocumentPlace): RelayscopeError {
  const { document, failures } = result;
  const [first] = failures;
  const path = first === undefined ? [] : expectationPath(first, document.scenario);
  const error = new RelayscopeError('SCENARIO_FAILED', failureReport(result).join('\n'));
  return pointAt(error, frameOf(path.join('.'), file, document.lineOf?.(path) ?? 1), caller);
}
