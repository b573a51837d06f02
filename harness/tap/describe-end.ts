import { CopyError } from '../../src/copy/copy-error.ts';
import { describeFailure } from '../tunnel/describe-failure.ts';

export interface EndDescription {
  /** `completed`, or a code of docs/errors.md. */
  readonly end: string;
  readonly message: string;
}

const WHAT_FAILED: Readonly<Record<string, string>> = {
  ECONNRESET: 'reset the connection',
  EPIPE: 'had closed the connection, and takes no more',
  ETIMEDOUT: 'no longer answers',
  EHOSTUNREACH: 'cannot be reached any more',
  DUPLEX_CLOSED: 'closed too early',
};

/** How a connection ended, and what each side saw of it. `error` is what the copy failed with; null: both ended. */
export function describeEnd(
  error: unknown,
  target: { readonly name: string; readonly wasReached: boolean },
): EndDescription {
  if (error === null) return { end: 'completed', message: 'both sides ended' };
  const { code, message, causes } = describeFailure(error);
  if (code === 'ABORTED') return { end: code, message: 'the tap was stopped; both sides were reset' };
  const side = sideOf(error);
  // Innermost is what the system said.
  const reason = causes.at(-1) ?? code;
  if (side === 'b' && !target.wasReached) {
    return { end: 'TAP_TARGET_UNREACHABLE', message: `${target.name} was not reached (${reason}); a was reset` };
  }
  if (side === null) return { end: code, message: `${message}; both sides were reset` };
  const [known] = causes.toReversed().flatMap((cause) => WHAT_FAILED[cause] ?? []);
  const other = side === 'a' ? 'b' : 'a';
  return { end: code, message: `${side} ${known ?? 'failed'} (${reason}); ${other} was reset in turn` };
}

/** Whose stream it was that failed. */
function sideOf(error: unknown): 'a' | 'b' | null {
  if (!(error instanceof CopyError) || error.code !== 'STREAM_FAILED') return null;
  const { direction, operation } = error.details;
  if (direction === undefined || operation === undefined) return null;
  return (direction === 'a -> b') === (operation === 'read') ? 'a' : 'b';
}
