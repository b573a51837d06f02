import { RelayscopeError } from '../../../src/errors.ts';
import { ScenarioError } from '../../scenario/scenario-error.ts';
import { frameOf, pointAt } from '../call-site.ts';
import type { DocumentPlace } from './document-test.ts';

/** Why a document cannot be read: one line, that points into it. */
export function unreadableDocument(error: unknown, { file, shown, caller }: DocumentPlace): RelayscopeError {
  if (error instanceof ScenarioError) return pointAt(error, frameOf(error.path, file, error.line ?? 1), caller);
  const known =
    error instanceof RelayscopeError
      ? error
      : new RelayscopeError('SCENARIO_UNREADABLE', `${shown}: expected a file that can be read`);
  return pointAt(known, frameOf('', file, 1), caller);
}
