import { printable } from './tunnel-error.ts';

/** An error as a log wants it. */
export interface FailureDescription {
  readonly code: string;
  readonly message: string;
  /** The codes of its causes, the nearest first. */
  readonly causes: readonly string[];
}

/** A chain of causes that is longer says nothing more, or is a circle. */
const MAX_CAUSES = 8;

export function describeFailure(error: unknown): FailureDescription {
  const causes: string[] = [];
  for (let cause = causeOf(error); cause !== undefined && causes.length < MAX_CAUSES; cause = causeOf(cause)) {
    causes.push(codeOf(cause));
  }
  // Parts of it may come from a peer.
  const message = printable(error instanceof Error ? error.message : String(error), 500);
  return { code: codeOf(error), message, causes };
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined;
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}
