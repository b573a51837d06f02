import type { FaultEntry } from '../../../harness/faults/fault-plan.ts';
import type { DialectName } from '../../../src/copy/dialect.ts';
import type { PeerOptions } from './peer.ts';

/** The story's request: 68 bytes, as curl sends them. */
export const REQUEST = 'GET / HTTP/1.1\r\nHost: t.cn\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n\r\n';
/** The story's answer: 302 bytes. */
export const RESPONSE = `HTTP/1.1 302 Moved\r\n${'x'.repeat(280)}\r\n`;

export type Peers = readonly [a: PeerOptions, b: PeerOptions];

const ASKS: PeerOptions = { says: [REQUEST, { got: 302 }] };
const ANSWERS: PeerOptions = { says: [{ got: 68 }, RESPONSE] };
export const STORY: Peers = [ASKS, ANSWERS];
const IN_TWO: Peers = [{ says: [REQUEST.slice(0, 40), REQUEST.slice(40), { got: 302 }] }, ANSWERS];
const LATER: Peers = [{ says: [{ afterMs: 5 }, REQUEST, { got: 302 }] }, ANSWERS];
const NOT_ASCII: Peers = [{ says: ['GET /caf\u00e9', { got: 302 }] }, { says: [{ got: 10 }, RESPONSE] }];
const ANSWERS_IN_TWO: PeerOptions = { says: [{ got: 68 }, RESPONSE.slice(0, 100), RESPONSE.slice(100)] };

/** What a stream says that holds bytes back. */
const WAIT = 'wait to be sent (mark 1048576)';
const HOLDS_ALL = `a -> b  queue of b: 68 bytes ${WAIT}`;

/** What one fault does to one copy. */
export interface Case {
  readonly fault: Omit<FaultEntry, 'fault'>;
  /** Default: the story. */
  readonly peers?: Peers;
  /** The faithful dialect. Default: tokio-1.24.1, the story's. */
  readonly dialect?: DialectName;
  /** How it ends in the faithful dialect, and what reaches a and b. */
  readonly faithful: string;
  /** The same under `checked`. */
  readonly checked: string;
  /** In the faithful dialect: the fault's first event, and the one after it, if there is one: a lost wake has none. */
  readonly events: readonly string[];
}

/** Each fault by its name. What a correct copy cannot see, `checked` does not see either: the laws of a run do. */
export const CASES: Readonly<Record<string, readonly Case[]>> = {
  count: [
    {
      fault: { side: 'b', by: 1 },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count (by 1) at b', 'a -> b  write  offered 68, reported 69  (pos 0, cap 68)'],
    },
    {
      fault: { side: 'b', by: -1 },
      faithful: 'WRITE_ZERO; a got 0; b got 69',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 69',
      events: ['a -> b  fault count (by -1) at b', 'a -> b  write  offered 68, reported 67  (pos 0, cap 68)'],
    },
    {
      fault: { side: 'b', half: 'read', by: 1 },
      faithful: 'completed; a got 303 and the end; b got 68 and the end',
      checked: 'completed; a got 303 and the end; b got 68 and the end',
      events: ['b -> a  fault count (by 1) at b', 'b -> a  read   room 8192, got 303'],
    },
    {
      fault: { side: 'b', by: 1 },
      dialect: 'tokio-1.53.1',
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count (by 1) at b', 'a -> b  write  offered 68, reported 69  (pos 0, cap 68)'],
    },
  ],
  'header-counted': [
    {
      fault: { side: 'b', header: 4 },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: [
        'a -> b  fault header-counted (header 4) at b',
        'a -> b  write  offered 68, reported 72  (pos 0, cap 68)',
      ],
    },
  ],
  'utf16-length': [
    {
      fault: { side: 'b' },
      peers: NOT_ASCII,
      faithful: 'completed; a got 302 and the end; b got 11 and the end',
      checked: 'completed; a got 302 and the end; b got 11 and the end',
      events: ['a -> b  fault utf16-length at b', 'a -> b  write  offered 10, reported 9  (pos 0, cap 10)'],
    },
  ],
  'stale-length': [
    {
      fault: { side: 'b' },
      peers: IN_TWO,
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault stale-length at b', 'a -> b  write  offered 28, reported 40  (pos 0, cap 28)'],
    },
  ],
  'count-undefined': [
    {
      fault: { side: 'b' },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count-undefined at b', 'a -> b  write  offered 68, reported undefined  (pos 0, cap 68)'],
    },
    {
      fault: { side: 'b', half: 'read' },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'READ_COUNT_INVALID; a got 0; b got 68',
      events: ['b -> a  fault count-undefined at b', 'b -> a  read   room 8192, got undefined'],
    },
  ],
  'count-nan': [
    {
      fault: { side: 'b' },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count-nan at b', 'a -> b  write  offered 68, reported NaN  (pos 0, cap 68)'],
    },
  ],
  'count-string': [
    {
      fault: { side: 'b' },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count-string at b', 'a -> b  write  offered 68, reported "68"  (pos 0, cap 68)'],
    },
  ],
  'count-negative': [
    {
      fault: { side: 'b' },
      faithful: 'WRITE_ZERO; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count-negative at b', 'a -> b  write  offered 68, reported -1  (pos 0, cap 68)'],
    },
  ],
  'count-fraction': [
    {
      fault: { side: 'b' },
      faithful: 'completed; a got 302 and the end; b got 69 and the end',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: ['a -> b  fault count-fraction at b', 'a -> b  write  offered 68, reported 67.5  (pos 0, cap 68)'],
    },
  ],
  'partial-over-report': [
    {
      fault: { side: 'b', by: 8 },
      faithful: 'parked; a got 0; b got 60',
      checked: 'parked; a got 0; b got 60',
      events: [
        'a -> b  fault partial-over-report (by 8) at b',
        'a -> b  write  offered 68, reported 68  (pos 0, cap 68)',
      ],
    },
  ],
  'kernel-filter': [
    {
      fault: { side: 'b', by: 4 },
      faithful: 'SPINNING; a got 0; b got 68',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 68',
      events: [
        'a -> b  fault kernel-filter (by 4, believed true) at b',
        'a -> b  socket of b: its write half is connected',
      ],
    },
    {
      fault: { side: 'b', by: 4, believed: false },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: [
        'a -> b  fault kernel-filter (by 4, believed false) at b',
        'a -> b  socket of b: its write half is connected',
      ],
    },
  ],
  'zero-write': [
    {
      fault: { side: 'b' },
      faithful: 'WRITE_ZERO; a got 0; b got 0',
      checked: 'WRITE_COUNT_INVALID; a got 0; b got 0',
      events: ['a -> b  fault zero-write at b', 'a -> b  write  offered 68, reported 0  (pos 0, cap 68)'],
    },
  ],
  swallow: [
    {
      fault: { side: 'a' },
      faithful: 'parked; a got 0 and the end; b got 68',
      checked: 'parked; a got 0 and the end; b got 68',
      events: ['b -> a  fault swallow at a', 'b -> a  write  offered 302, reported 302  (pos 0, cap 302)'],
    },
  ],
  'taken-twice': [
    {
      fault: { side: 'b' },
      faithful: 'completed; a got 302 and the end; b got 136 and the end',
      checked: 'completed; a got 302 and the end; b got 136 and the end',
      events: ['a -> b  fault taken-twice at b', 'a -> b  write  offered 68, reported 68  (pos 0, cap 68)'],
    },
  ],
  'retry-grown': [
    {
      fault: { side: 'b' },
      peers: IN_TWO,
      faithful: 'parked; a got 0; b got 40',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault retry-grown at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  short: [
    {
      fault: { bytes: 10 },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault short (bytes 10) at a', 'a -> b  read   room 8192, got 10'],
    },
  ],
  late: [
    {
      fault: { ms: 3 },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault late (ms 3) at a', 'a -> b  waits: its read half is registered'],
    },
  ],
  'pending-without-waker': [
    {
      fault: { side: 'b', half: 'read' },
      faithful: 'parked; a got 0; b got 68',
      checked: 'parked; a got 0; b got 68',
      events: ['b -> a  fault pending-without-waker at b', 'b -> a  read   room 8192: pending'],
    },
    {
      fault: { side: 'b', half: 'write' },
      faithful: 'parked; a got 0; b got 0',
      checked: 'parked; a got 0; b got 0',
      events: ['a -> b  fault pending-without-waker at b', 'a -> b  write  offered 68: pending  (pos 0, cap 68)'],
    },
  ],
  'inner-ready-outer-pending': [
    {
      fault: { side: 'b', half: 'read' },
      faithful: 'parked; a got 0; b got 68',
      checked: 'parked; a got 0; b got 68',
      events: ['b -> a  fault inner-ready-outer-pending at b', 'b -> a  read   room 8192: pending'],
    },
    {
      fault: { side: 'a', half: 'write' },
      peers: [{ says: [REQUEST] }, ANSWERS],
      faithful: 'parked; a got 302; b got 68 and the end',
      checked: 'parked; a got 302; b got 68 and the end',
      events: ['b -> a  fault inner-ready-outer-pending at a', 'b -> a  write  offered 302: pending  (pos 0, cap 302)'],
    },
  ],
  'waker-overwritten': [
    {
      fault: { side: 'a' },
      peers: [{ says: [{ afterMs: 5 }, REQUEST], readsLast: true }, { says: [RESPONSE, { got: 68 }] }],
      faithful: 'parked; a got 0; b got 0',
      checked: 'parked; a got 0; b got 0',
      events: [
        'a -> b  fault waker-overwritten (told false) at a',
        'b -> a  write  offered 302: pending  (pos 0, cap 302)',
      ],
    },
  ],
  'wake-before-register': [
    {
      fault: { side: 'a', half: 'read' },
      peers: LATER,
      faithful: 'parked; a got 0; b got 0',
      checked: 'parked; a got 0; b got 0',
      events: ['a -> b  fault wake-before-register at a'],
    },
  ],
  'spurious-wake': [
    {
      fault: {},
      peers: LATER,
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault spurious-wake at a', 'a -> b  waits: its read half is registered'],
    },
  ],
  'late-wake': [
    {
      fault: { ms: 50 },
      peers: LATER,
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault late-wake (ms 50) at a', 'a -> b  woken: its read half'],
    },
  ],
  'wake-storm': [
    {
      fault: { side: 'a', half: 'read' },
      peers: LATER,
      faithful: 'unfinished; a got 0; b got 0',
      checked: 'unfinished; a got 0; b got 0',
      events: ['a -> b  fault wake-storm at a', 'a -> b  waits: its read half is registered'],
    },
  ],
  'hang-up-loop': [
    {
      fault: { side: 'b', when: { call: 1 } },
      peers: LATER,
      faithful: 'unfinished; a got 0; b got 0',
      checked: 'unfinished; a got 0; b got 0',
      events: ['b -> a  fault hang-up-loop (noticed false) at b', 'b -> a  socket of b: its read half is closed'],
    },
    {
      fault: { side: 'b', noticed: true, when: { call: 1 } },
      peers: LATER,
      faithful: 'parked; a got 0 and the end; b got 68',
      checked: 'parked; a got 0 and the end; b got 68',
      events: ['b -> a  fault hang-up-loop (noticed true) at b', 'b -> a  socket of b: its read half is closed'],
    },
  ],
  'takes-everything': [
    {
      fault: { side: 'b' },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: [
        'a -> b  fault takes-everything (mark 16384, waits false) at b',
        'a -> b  write  offered 68, reported 68  (pos 0, cap 68)',
      ],
    },
  ],
  'credit-leak': [
    {
      fault: { side: 'b', window: 100, padding: 16 },
      faithful: 'parked; a got 264; b got 68',
      checked: 'parked; a got 264; b got 68',
      events: [
        'b -> a  fault credit-leak (window 100, padding 16, returned false) at b',
        'b -> a  credit of b: window 84, 16 bytes used up and not given back',
      ],
    },
    {
      fault: { side: 'b', window: 100, padding: 16, returned: true },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: [
        'b -> a  fault credit-leak (window 100, padding 16, returned true) at b',
        'b -> a  credit of b: window 100, 0 bytes used up and not given back',
      ],
    },
  ],
  'pong-behind-data': [
    {
      fault: { side: 'b', room: 64 },
      faithful: 'parked; a got 0; b got 64',
      checked: 'parked; a got 0; b got 64',
      events: [
        'b -> a  fault pong-behind-data (room 64, apart false) at b',
        'b -> a  blocked: its read half waits for the other half of b',
      ],
    },
    {
      fault: { side: 'b', room: 64, apart: true },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['b -> a  fault pong-behind-data (room 64, apart true) at b', 'a -> b  woken: its write half'],
    },
  ],
  'reentrant-wake': [
    {
      fault: { side: 'b', half: 'write' },
      faithful: 'SPINNING; a got 302 and the end; b got 136',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault reentrant-wake at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'readiness-cleared': [
    {
      fault: { ms: 20, side: 'a', half: 'read', when: { call: 1 }, times: 1 },
      peers: LATER,
      faithful: 'parked; a got 0; b got 0',
      checked: 'parked; a got 0; b got 0',
      events: ['a -> b  fault readiness-cleared (ms 20, ticks false) at a', 'a -> b  read   room 8192: pending'],
    },
    {
      fault: { ms: 20, ticks: true, side: 'a', half: 'read', when: { call: 1 }, times: 1 },
      peers: LATER,
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault readiness-cleared (ms 20, ticks true) at a', 'a -> b  read   room 8192: pending'],
    },
  ],
  'close-unheard': [
    {
      fault: { side: 'b', half: 'read', ms: 1 },
      peers: [ASKS, { says: [{ got: 68 }, { afterMs: 5 }, RESPONSE] }],
      faithful: 'parked; a got 0 and the end; b got 68',
      checked: 'parked; a got 0 and the end; b got 68',
      events: ['b -> a  fault close-unheard (ms 1) at b', 'b -> a  read   room 8192: pending'],
    },
  ],
  'thread-blocks': [
    {
      fault: { side: 'a', half: 'read' },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault thread-blocks at a', 'a -> b  read   room 8192, got 68'],
    },
  ],
  'early-end': [
    {
      fault: { side: 'b', when: { call: 2 } },
      peers: [ASKS, ANSWERS_IN_TWO],
      faithful: 'parked; a got 100 and the end; b got 68',
      checked: 'parked; a got 100 and the end; b got 68',
      events: ['b -> a  fault early-end at b', 'b -> a  read   room 8192, got 0'],
    },
  ],
  'no-end': [
    {
      fault: { side: 'b' },
      faithful: 'parked; a got 302; b got 68 and the end',
      checked: 'parked; a got 302; b got 68 and the end',
      events: ['b -> a  fault no-end at b', 'b -> a  waits: its read half is registered'],
    },
  ],
  'peer-silent': [
    {
      fault: { side: 'b', everyMs: 5 },
      peers: [{ says: [REQUEST] }, { says: [{ got: 68 }, { afterMs: 20 }, RESPONSE] }],
      faithful: 'parked; a got 0; b got 68 and the end',
      checked: 'parked; a got 0; b got 68 and the end',
      events: ['b -> a  fault peer-silent (everyMs 5) at b', 'b -> a  waits: its read half is registered'],
    },
  ],
  'end-twice': [
    {
      fault: {},
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['b -> a  fault end-twice at b', 'b -> a  waits: its read half is registered'],
    },
  ],
  'data-after-end': [
    {
      fault: {},
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['b -> a  fault data-after-end (bytes 5) at b', 'b -> a  waits: its read half is registered'],
    },
  ],
  'empty-read': [
    {
      fault: { side: 'b', when: { call: 2 } },
      peers: [ASKS, ANSWERS_IN_TWO],
      faithful: 'parked; a got 100 and the end; b got 68',
      checked: 'parked; a got 100 and the end; b got 68',
      events: ['b -> a  fault empty-read at b', 'b -> a  read   room 8192, got 0'],
    },
  ],
  'no-room': [
    {
      fault: { side: 'b', when: { call: 2 } },
      peers: [ASKS, ANSWERS_IN_TWO],
      faithful: 'parked; a got 100 and the end; b got 68',
      checked: 'parked; a got 100 and the end; b got 68',
      events: ['b -> a  fault no-room at b', 'b -> a  read   room 8192, got 0'],
    },
  ],
  'early-bytes': [
    {
      fault: { side: 'b', bytes: 20 },
      faithful: 'parked; a got 282 and the end; b got 68',
      checked: 'parked; a got 282 and the end; b got 68',
      events: [
        'b -> a  fault early-bytes (bytes 20, lost true) at b',
        'b -> a  socket of b: its read half is handed-over, 20 bytes',
      ],
    },
    {
      fault: { side: 'b', bytes: 20, lost: false },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: [
        'b -> a  fault early-bytes (bytes 20, lost false) at b',
        'b -> a  socket of b: its read half is handed-over, 20 bytes',
      ],
    },
  ],
  'leftover-kept': [
    {
      fault: { side: 'b' },
      peers: [{ says: [REQUEST, { got: 302 }, '!'] }, { says: [{ got: 68 }, RESPONSE, { got: 69 }] }],
      faithful: 'parked; a got 64; b got 68',
      checked: 'parked; a got 64; b got 68',
      events: ['b -> a  fault leftover-kept (bytes 64) at b', 'b -> a  waits: its read half is registered'],
    },
  ],
  error: [
    {
      fault: { side: 'b', half: 'read', when: { call: 2 } },
      peers: [ASKS, ANSWERS_IN_TWO],
      faithful: 'STREAM_FAILED; a got 100; b got 68',
      checked: 'STREAM_FAILED; a got 100; b got 68',
      events: ['b -> a  fault error (message Connection reset by a fault) at b', 'b -> a  read   room 0: failed'],
    },
  ],
  'flush-lies': [
    {
      fault: { side: 'b' },
      faithful: 'parked; a got 0; b got 0',
      checked: 'parked; a got 0; b got 0',
      events: ['a -> b  fault flush-lies at b', HOLDS_ALL],
    },
  ],
  'flush-never-ends': [
    {
      fault: { side: 'b' },
      faithful: 'parked; a got 302 and the end; b got 68',
      checked: 'parked; a got 302 and the end; b got 68',
      events: ['a -> b  fault flush-never-ends at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'flush-fails': [
    {
      fault: { side: 'b' },
      faithful: 'STREAM_FAILED; a got 0; b got 68',
      checked: 'STREAM_FAILED; a got 0; b got 68',
      events: ['a -> b  fault flush-fails at b', 'a -> b  flush  failed'],
    },
  ],
  'flush-not-resumed': [
    {
      fault: { side: 'b', ms: 5 },
      peers: [{ says: [REQUEST.slice(0, 40), { afterMs: 2 }, REQUEST.slice(40), { got: 302 }] }, { says: [RESPONSE] }],
      faithful: 'completed; a got 302 and the end; b got 28 and the end',
      checked: 'completed; a got 302 and the end; b got 28 and the end',
      events: ['a -> b  fault flush-not-resumed (how lost, ms 5) at b', `a -> b  queue of b: 28 bytes ${WAIT}`],
    },
    {
      fault: { side: 'b', how: 'doubled', ms: 5 },
      peers: [{ says: [REQUEST.slice(0, 40), { afterMs: 2 }, REQUEST.slice(40), { got: 302 }] }, { says: [RESPONSE] }],
      faithful: 'completed; a got 302 and the end; b got 108 and the end',
      checked: 'completed; a got 302 and the end; b got 108 and the end',
      events: ['a -> b  fault flush-not-resumed (how doubled, ms 5) at b', `a -> b  queue of b: 68 bytes ${WAIT}`],
    },
  ],
  'held-until-flush': [
    {
      fault: { side: 'b' },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault held-until-flush (shutdown flushes) at b', HOLDS_ALL],
    },
    {
      fault: { side: 'b' },
      dialect: 'tokio-1.8.0',
      faithful: 'parked; a got 0; b got 0',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault held-until-flush (shutdown flushes) at b', HOLDS_ALL],
    },
  ],
  'needs-flush': [
    {
      fault: { side: 'b' },
      peers: IN_TWO,
      faithful: 'parked; a got 0; b got 40',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault needs-flush at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'shutdown-never-ends': [
    {
      fault: { side: 'b' },
      faithful: 'parked; a got 302 and the end; b got 68 and the end',
      checked: 'parked; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault shutdown-never-ends at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'shutdown-fails': [
    {
      fault: { side: 'b' },
      faithful: 'STREAM_FAILED; a got 302 and the end; b got 68',
      checked: 'STREAM_FAILED; a got 302 and the end; b got 68',
      events: ['a -> b  fault shutdown-fails at b', 'a -> b  shutdown  failed'],
    },
  ],
  'shutdown-fails-again': [
    {
      fault: { side: 'b' },
      faithful: 'STREAM_FAILED; a got 302 and the end; b got 68 and the end',
      checked: 'STREAM_FAILED; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault shutdown-fails-again at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'shutdown-begins-anew': [
    {
      fault: { side: 'b', times: 2 },
      faithful: 'completed; a got 302 and the end; b got 68 and the end',
      checked: 'completed; a got 302 and the end; b got 68 and the end',
      events: ['a -> b  fault shutdown-begins-anew (ms 1) at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'shutdown-both-ways': [
    {
      fault: { side: 'b' },
      peers: [{ says: [REQUEST] }, { says: [{ got: 68 }, { afterMs: 5 }, RESPONSE] }],
      faithful: 'completed; a got 0 and the end; b got 68 and the end',
      checked: 'completed; a got 0 and the end; b got 68 and the end',
      events: ['a -> b  fault shutdown-both-ways (read end) at b', 'a -> b  waits: its write half is registered'],
    },
    {
      fault: { side: 'b', read: 'error' },
      peers: [{ says: [REQUEST] }, { says: [{ got: 68 }, { afterMs: 5 }, RESPONSE] }],
      faithful: 'STREAM_FAILED; a got 0; b got 68 and the end',
      checked: 'STREAM_FAILED; a got 0; b got 68 and the end',
      events: ['a -> b  fault shutdown-both-ways (read error) at b', 'a -> b  waits: its write half is registered'],
    },
  ],
  'shutdown-drops-tail': [
    {
      fault: { side: 'a' },
      faithful: 'parked; a got 0 and the end; b got 68',
      checked: 'parked; a got 0 and the end; b got 68',
      events: ['b -> a  fault shutdown-drops-tail (ms 1) at a', `b -> a  queue of a: 0 bytes ${WAIT}`],
    },
  ],
  'shutdown-not-passed-on': [
    {
      fault: { side: 'b' },
      faithful: 'completed; a got 302 and the end; b got 68',
      checked: 'completed; a got 302 and the end; b got 68',
      events: ['a -> b  fault shutdown-not-passed-on at b', 'a -> b  shutdown  done'],
    },
  ],
};
