import { RelayscopeError } from '../../src/errors.ts';

/** What is wrong in a plan, and where. */
export interface FaultPlanIssue {
  /** `faults[2].when.call`; empty for the plan itself. */
  readonly path: string;
  /** As a phrase: `a whole number from 1 to 1000`. */
  readonly expected: string;
  readonly got: string;
  readonly file?: string | undefined;
  /** From 1. */
  readonly line?: number | undefined;
}

/** Code FAULT_PLAN_MALFORMED. */
export class FaultPlanError extends RelayscopeError {
  readonly issue: FaultPlanIssue;

  constructor(issue: FaultPlanIssue, options?: ErrorOptions) {
    const { path, expected, got, file, line } = issue;
    const place = [file, line].filter((part) => part !== undefined).join(':');
    const begin = place === '' ? 'Malformed fault plan' : place;
    super(
      'FAULT_PLAN_MALFORMED',
      `${begin}: ${path === '' ? '' : `${path}: `}expected ${expected}, got ${got}`,
      options,
    );
    this.issue = issue;
  }
}
