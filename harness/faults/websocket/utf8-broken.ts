import { z } from 'zod';
import { actingOn, beginsMessage } from './acting-on.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const utf8Broken = webSocketFault({
  name: 'utf8-broken',
  summary: 'a message becomes text that is no UTF-8',
  calls: 'messages',
  parameters: z.object({
    hex: z
      .string({ error: 'an even number of hexadecimal digits' })
      .regex(/^(?:[0-9a-f]{2}){0,500}$/i, 'an even number of hexadecimal digits')
      .default('c328')
      .describe('its bytes'),
  }),
  open: (fault, { hex }) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(frame.with({ opcode: Opcode.TEXT, rsv: 0, payload: Buffer.from(hex, 'hex') }));
    }),
});
