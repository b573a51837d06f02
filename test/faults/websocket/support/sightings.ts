import type { FaultEntry } from '../../../../harness/faults/fault-plan.ts';
import type { LabOptions, Pairing } from './lab.ts';

/** What real peers do with a fault: what they saw, and after the bar how the broken side was closed, or that it was not. */
export interface Sighting {
  readonly fault: FaultEntry;
  readonly options?: LabOptions;
  /** What `ws` sees, at either side. */
  readonly ws: string;
  /** What undici sees; it tells nothing of pings and pongs, and its errors have no code. */
  readonly undici?: string;
  /** How often it fires. Default: once. */
  readonly times?: number;
  /** Where it differs; null: it cannot be made there (undici sends nothing compressed and no pings, clients no 101). */
  readonly except?: Partial<Record<Pairing, string | null>>;
}

/** `ws` 8.23 and undici 8.12. */
export const SIGHTINGS: readonly Sighting[] = [
  {
    fault: { fault: 'close-lost' },
    options: { lines: 2 },
    ws: 'text one, text two | state 1',
    undici: 'text one, text two | state 1',
  },
  {
    fault: { fault: 'close-unanswered' },
    options: { closer: 'peer', lines: 2 },
    ws: 'text one, text two | state 2',
    undici: 'text one, text two | state 2',
  },
  {
    fault: { fault: 'close-without-code' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1005 | close 1005',
    undici: 'text one, text two, close 1005 | close 1005',
  },
  {
    fault: { fault: 'close-code' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 999 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 1004 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 1006 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 1015 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 2000 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 5000 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CLOSE_CODE, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Invalid status code',
  },
  {
    fault: { fault: 'close-code', code: 3000 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 3000 bye | close 3000 bye',
    undici: 'text one, text two, close 3000 bye | close 3000',
  },
  {
    fault: { fault: 'close-reason' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Control frame either too large or fragmented',
  },
  {
    fault: { fault: 'close-reason', how: 'broken-utf8' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_UTF8, close 1006 | close 1007',
    undici: 'text one, text two, error, close 1006 | close 1007 Invalid UTF-8',
  },
  {
    fault: { fault: 'close-reason', how: 'one-byte' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, error WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH, close 1006 | close 1002',
    undici: 'text one, text two, error, close 1006 | close 1002 Received close frame with a 1-byte body.',
  },
  {
    fault: { fault: 'close-twice' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'close-before-data', when: { frame: 2 } },
    ws: 'text one, close 1000 | close 1000',
    undici: 'text one, close 1000 | close 1000',
  },
  {
    fault: { fault: 'fin-without-close' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1006 | close 1006',
    undici: 'text one, text two, error, close 1006 | close 1006',
  },
  {
    fault: { fault: 'fin-without-close', at: 'message', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, close 1006 | close 1006',
    undici: 'text one, error, close 1006 | close 1006',
  },
  {
    fault: { fault: 'fin-without-close', at: 'mid-frame', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, close 1006 | close 1006',
    undici: 'text one, error, close 1006 | close 1006',
  },
  {
    fault: { fault: 'rst-without-close' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1006 | close 1006',
    undici: 'text one, text two, error, close 1006 | close 1006',
  },
  {
    fault: { fault: 'pong-lost' },
    options: { closer: 'broken side, pinged', messages: [] },
    ws: 'close 1000 bye | close 1000 bye',
    except: { 'ws server -> undici client': null },
  },
  {
    fault: { fault: 'ping-flood', pings: 3, when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'ping flood, ping flood, ping flood, text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'pong-unasked', when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'pong unasked, text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'ping-between-fragments', when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'ping between, text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'control-too-long', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_INVALID_CONTROL_PAYLOAD_LENGTH, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Control frame either too large or fragmented',
  },
  {
    fault: { fault: 'control-fragmented', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_EXPECTED_FIN, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Invalid frame type was fragmented.',
  },
  {
    fault: { fault: 'fragment' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
    times: 2,
  },
  {
    fault: { fault: 'fragment' },
    options: { closer: 'broken side, answered', deflate: true },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
    times: 2,
  },
  {
    fault: { fault: 'empty-message', when: { frame: 2 } },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'empty-continuation', frames: 3 },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
    times: 2,
  },
  {
    fault: { fault: 'mask-flipped', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNEXPECTED_MASK, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Frame cannot be masked',
    except: {
      'ws client -> ws server': 'text one, error WS_ERR_EXPECTED_MASK, close 1006 | close 1002',
      'undici client -> ws server': 'text one, error WS_ERR_EXPECTED_MASK, close 1006 | close 1002',
    },
  },
  {
    fault: { fault: 'reserved-bit', bit: 1, when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNEXPECTED_RSV_1, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Expected RSV1 to be clear.',
  },
  {
    fault: { fault: 'reserved-bit', bit: 2, when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNEXPECTED_RSV_2_3, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 RSV1, RSV2, RSV3 must be clear',
  },
  {
    fault: { fault: 'reserved-bit', bit: 3, when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNEXPECTED_RSV_2_3, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 RSV1, RSV2, RSV3 must be clear',
  },
  {
    fault: { fault: 'reserved-opcode', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_INVALID_OPCODE, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Invalid opcode received',
  },
  {
    fault: { fault: 'reserved-opcode', opcode: 11, when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_INVALID_OPCODE, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Invalid opcode received',
  },
  {
    fault: { fault: 'length-lies', by: 1, when: { frame: 2 } },
    options: { closer: 'nobody', lines: 1 },
    ws: 'text one | state 1',
    undici: 'text one | state 1',
  },
  {
    fault: { fault: 'length-lies', by: -1, when: { frame: 2 } },
    options: { closer: 'nobody', lines: 2 },
    ws: 'text one, text tw | state 1',
    undici: 'text one, text tw | state 1',
  },
  {
    fault: { fault: 'length-lies', by: 0, when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'length-lies', declared: 65535, when: { frame: 2 } },
    options: { closer: 'nobody', lines: 1 },
    ws: 'text one | state 1',
    undici: 'text one | state 1',
  },
  {
    fault: { fault: 'length-lies', bits: 64, by: 0, when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'length-lies', bits: 64, declared: '9223372036854775808', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH, close 1006 | close 1009',
    undici: 'text one, error, close 1006 | close 1009 Received payload length > 2^31 bytes.',
  },
  {
    fault: { fault: 'length-lies', bits: 64, declared: 9007199254740991, when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH, close 1006 | close 1009',
    undici: 'text one, error, close 1006 | close 1009 Received payload length > 2^31 bytes.',
  },
  {
    fault: { fault: 'length-lies', bits: 64, declared: 2000000000, when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH, close 1006 | close 1009',
    undici: 'text one, error, close 1006 | close 1009 Payload size exceeds maximum allowed size',
  },
  {
    fault: { fault: 'utf8-broken', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_INVALID_UTF8, close 1006 | close 1007',
    undici: 'text one, error, close 1006 | close 1007 Received invalid UTF-8 in text frame.',
  },
  {
    fault: { fault: 'torn' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
    times: 3,
  },
  {
    fault: { fault: 'coalesced', frames: 3 },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'first-frame-with-101' },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
    except: { 'ws client -> ws server': null, 'undici client -> ws server': null },
  },
  {
    fault: { fault: 'deflate-tail', when: { frame: 2 } },
    options: { deflate: true, closer: 'nobody' },
    ws: 'text one, error Z_DATA_ERROR, close 1006 | close 1007',
    undici: 'text one, error, close 1006 | close 1007 invalid distance code',
    except: { 'undici client -> ws server': null },
  },
  {
    fault: { fault: 'deflate-tail', how: 'cut', bytes: 2, when: { frame: 2 } },
    options: { deflate: true, closer: 'nobody', lines: 2 },
    ws: 'text one, text twh | state 1',
    undici: 'text one, text twh | state 1',
    except: { 'undici client -> ws server': null },
  },
  {
    fault: { fault: 'deflate-context', when: { frame: 1 } },
    options: { deflate: true, closer: 'nobody' },
    ws: 'error Z_DATA_ERROR, close 1006 | close 1007',
    undici: 'error, close 1006 | close 1007 invalid distance too far back',
    except: { 'undici client -> ws server': null },
  },
  {
    fault: { fault: 'deflate-context', when: { frame: 2 } },
    options: { deflate: true, closer: 'nobody' },
    ws: 'text one, error Z_DATA_ERROR, close 1006 | close 1007',
    undici: 'text one, error, close 1006 | close 1007 invalid distance too far back',
    except: { 'undici client -> ws server': null },
  },
  {
    fault: { fault: 'deflate-rsv1-continuation', when: { frame: 2 } },
    options: { deflate: true, closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNEXPECTED_RSV_1, close 1006 | close 1002',
    except: { 'ws server -> undici client': null },
  },
  {
    fault: { fault: 'deflate-rsv1-continuation', when: { frame: 2 } },
    options: { deflate: true, closer: 'nobody', lines: 2 },
    ws: 'text one, error WS_ERR_UNEXPECTED_RSV_1 | state 2',
    undici: 'text one, text two | state 1',
  },
  {
    fault: { fault: 'deflate-rsv1-continuation', when: { frame: 2 } },
    options: { closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNEXPECTED_RSV_1, close 1006 | close 1002',
    undici: 'text one, error, close 1006 | close 1002 Expected RSV1 to be clear.',
  },
  {
    fault: { fault: 'deflate-bomb', when: { frame: 2 } },
    options: { deflate: true, closer: 'nobody' },
    ws: 'text one, error WS_ERR_UNSUPPORTED_MESSAGE_LENGTH, close 1006 | close 1009',
    undici: 'text one, error, close 1006 | close 1009 Max decompressed message size exceeded',
  },
  {
    fault: { fault: 'message-dropped', when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'text two, close 1000 bye | close 1000 bye',
    undici: 'text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'message-doubled', when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text one, text two, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'messages-swapped', when: { frame: 1 } },
    ws: 'text two, text one, close 1000 bye | close 1000 bye',
    undici: 'text two, text one, close 1000 bye | close 1000',
  },
  {
    fault: { fault: 'message-delayed', ms: 20, when: { frame: 1 } },
    options: { closer: 'broken side, answered' },
    ws: 'text one, text two, close 1000 bye | close 1000 bye',
    undici: 'text one, text two, close 1000 bye | close 1000',
  },
];
