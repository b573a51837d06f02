import { RelayscopeError } from '../../../src/errors.ts';

/** REPLAY_UNREACHABLE: nothing answers. REPLAY_REFUSED: it is not the relay that it should be. REPLAY_LISTEN_FAILED: our own server. */
export type ReplayErrorCode = 'REPLAY_UNREACHABLE' | 'REPLAY_REFUSED' | 'REPLAY_LISTEN_FAILED';

const BEGINNINGS: Readonly<Record<ReplayErrorCode, string>> = {
  REPLAY_UNREACHABLE: 'Cannot reach the relay',
  REPLAY_REFUSED: 'The relay refused',
  REPLAY_LISTEN_FAILED: 'Cannot listen',
};

/** An error that begins with what failed, and goes on with why. */
export function replayError(code: ReplayErrorCode, why: string, cause?: unknown): RelayscopeError {
  return new RelayscopeError(code, `${BEGINNINGS[code]}: ${why}`, { cause });
}
