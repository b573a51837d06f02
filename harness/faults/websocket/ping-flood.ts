import { z } from 'zod';
import { actingOn, beginsMessage } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const pingFlood = webSocketFault({
  name: 'ping-flood',
  summary: 'many pings come before a message',
  calls: 'messages',
  parameters: z.object({ pings: whole(1, 100_000).default(1000).describe('how many') }),
  open: (fault, { pings }) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      const ping = out.make({ opcode: Opcode.PING, payload: Buffer.from('flood') });
      for (let sent = 0; sent < pings; sent += 1) out.frame(ping);
      out.frame(frame);
    }),
});
