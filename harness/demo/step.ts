import type { DialectName } from '../../src/copy/dialect.ts';
import type { StepResult } from './step-result.ts';

/** What stands between the client and the origin in one step. */
export type RelayKind =
  /** Two TCP sockets. */
  | 'plain'
  /** SOCKS5 → WebSocket, copied by two pumps that know nothing of each other. */
  | 'two-pumps'
  /** SOCKS5 → WebSocket behind the adapter that counts its own header. */
  | 'off-by-one'
  /** SOCKS5 → WebSocket behind the right adapter. */
  | 'right';

/** One step of the story. */
export interface Step {
  readonly name: string;
  /** What is tried, for a person. */
  readonly title: string;
  readonly relay: RelayKind;
  readonly dialect: DialectName;
  /** Whether the arguments of the copy are (outbound, inbound). */
  readonly swapped: boolean;
  /** What comes out if the story is true; every field named here must be as named. */
  readonly expected: (result: StepResult, requestBytes: number) => Partial<StepResult>;
}

/** The newest release when it happened. */
const THEN = 'tokio-1.12.0';
const NOW = 'tokio-1.53.1';
const right = { swapped: false, dialect: THEN } as const;

export const STEPS: readonly Step[] = [
  {
    ...right,
    name: 'echo',
    title: `an echo server over plain streams, ${THEN}`,
    relay: 'plain',
    expected: (_, bytes) => ({ outcome: 'completed', aToB: bytes, bToA: bytes }),
  },
  {
    ...right,
    name: 'two-pumps',
    title: 'the first version: two pumps, WebSocket → TCP and TCP → WebSocket',
    relay: 'two-pumps',
    expected: (_, bytes) => ({ outcome: 'parked', direction: 'b -> a', status: 302, aToB: bytes }),
  },
  {
    ...right,
    name: 'off-by-one',
    title: `the second version: copyBidirectional(inbound, outbound), ${THEN}`,
    relay: 'off-by-one',
    expected: (_, bytes) => ({ outcome: 'spinning', ...overBy(bytes, 'a -> b'), readsOfReply: 0 }),
  },
  {
    ...right,
    name: 'swapped',
    title: `the same with its arguments swapped: copyBidirectional(outbound, inbound), ${THEN}`,
    relay: 'off-by-one',
    swapped: true,
    expected: ({ readsOfReply }, bytes) => ({
      outcome: 'spinning',
      ...overBy(bytes, 'b -> a'),
      readsOfReply: Math.max(1, readsOfReply ?? 0),
    }),
  },
  {
    ...right,
    name: 'masked',
    title: `the same adapter under ${NOW}`,
    relay: 'off-by-one',
    dialect: NOW,
    expected: (_, bytes) => ({ outcome: 'completed', ...overBy(bytes, 'a -> b'), status: 302, aToB: bytes + 1 }),
  },
  {
    ...right,
    name: 'checked',
    title: 'the same adapter under checked, the dialect for production',
    relay: 'off-by-one',
    dialect: 'checked',
    expected: (_, bytes) => ({
      outcome: 'failed',
      code: 'WRITE_COUNT_INVALID',
      direction: 'a -> b',
      offered: bytes,
      reported: bytes + 1,
      aToB: 0,
      bToA: 0,
    }),
  },
  {
    ...right,
    name: 'fixed',
    title: `the right adapter, ${THEN} again`,
    relay: 'right',
    expected: (_, bytes) => ({ outcome: 'completed', status: 302, aToB: bytes }),
  },
];

/** The fault as it must show: one more than was offered, and a loop that stands behind its own end. */
function overBy(bytes: number, direction: 'a -> b' | 'b -> a'): Partial<StepResult> {
  return { direction, pos: bytes + 1, cap: bytes, read_done: false, offered: bytes, reported: bytes + 1 };
}
