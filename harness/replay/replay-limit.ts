import type { Conversation } from './conversation.ts';

/** So fast any relay is on the loopback, in bytes per millisecond: a tenth of what a slow one does. */
const BYTES_PER_MS = 1000;
/** A timer goes no further. */
const MAX_LIMIT_MS = 0x7fffffff;

/** How long a replay with real sockets may take: nothing came of it for so long, and what it has to carry and to wait takes time. */
export function replayLimitMs(
  { said, turns }: Conversation,
  { limitMs, rhythm }: { readonly limitMs: number; readonly rhythm: boolean },
): number {
  const carriedMs = Math.ceil((said[0].length + said[1].length) / BYTES_PER_MS);
  const rhythmMs = rhythm ? Math.ceil(turns.at(-1)?.atMs ?? 0) : 0;
  return Math.min(MAX_LIMIT_MS, limitMs + carriedMs + rhythmMs);
}
