import { z } from 'zod';
import { actingOn, beginsMessage } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { MAX_CONTROL_BYTES, Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const controlTooLong = webSocketFault({
  name: 'control-too-long',
  summary: 'a ping of more than 125 bytes comes before a message',
  calls: 'messages',
  parameters: z.object({
    bytes: whole(MAX_CONTROL_BYTES + 1, 65_536)
      .default(MAX_CONTROL_BYTES + 1)
      .describe('of payload'),
  }),
  open: (fault, { bytes }) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(out.make({ opcode: Opcode.PING, payload: Buffer.alloc(bytes, 'x') }));
      out.frame(frame);
    }),
});
