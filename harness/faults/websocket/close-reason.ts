import { z } from 'zod';
import { actingOn, isClose } from './acting-on.ts';
import { oneOf } from '../fault-parameters.ts';
import { MAX_CONTROL_BYTES } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

const KINDS = ['overlong', 'broken-utf8', 'one-byte'] as const;

export const closeReason = webSocketFault({
  name: 'close-reason',
  summary: 'the reason of a Close is too long or broken, or its code has one byte',
  calls: 'Close frames',
  parameters: z.object({
    how: oneOf(KINDS).default('overlong').describe('overlong: 126 bytes in all; broken-utf8; one-byte: half a code'),
  }),
  open: (fault, { how }) =>
    actingOn(fault, isClose, (frame, out) => {
      out.frame(frame.with({ payload: payloadOf(how, frame.payload) }));
    }),
});

function payloadOf(how: (typeof KINDS)[number], before: Buffer): Buffer {
  const code = before.byteLength >= 2 ? before.subarray(0, 2) : Buffer.of(0x03, 0xe8);
  switch (how) {
    case 'overlong':
      return Buffer.concat([code, Buffer.alloc(MAX_CONTROL_BYTES - 1, 'x')]);
    case 'broken-utf8':
      return Buffer.concat([code, Buffer.of(0xc3, 0x28)]);
    case 'one-byte':
      return code.subarray(0, 1);
  }
}
