import { z } from 'zod';
import { actingOn, beginsMessage } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const reservedOpcode = webSocketFault({
  name: 'reserved-opcode',
  summary: 'the opcode is one that means nothing',
  calls: 'messages',
  parameters: z.object({
    opcode: whole(3, 15)
      .refine((opcode) => opcode < 8 || opcode > 10, 'a reserved opcode: 3 to 7, or 11 to 15')
      .default(3)
      .describe('3 to 7 of data, 11 to 15 of control'),
  }),
  open: (fault, { opcode }) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(frame.with({ opcode }));
    }),
});
