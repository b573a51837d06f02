import { z } from 'zod';
import { actingOnMessages } from './acting-on-messages.ts';
import { milliseconds } from '../fault-parameters.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const messageDelayed = webSocketFault({
  name: 'message-delayed',
  summary: 'a message arrives late, and all behind it',
  calls: 'messages',
  benign: true,
  parameters: z.object({ ms: milliseconds(100, 'how much later') }),
  open: (fault, { ms }) =>
    actingOnMessages(fault, (message, out) => {
      out.wait(ms);
      for (const frame of message) out.frame(frame);
    }),
});
