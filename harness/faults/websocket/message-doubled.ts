import { actingOnMessages } from './acting-on-messages.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const messageDoubled = webSocketFault({
  name: 'message-doubled',
  summary: 'a message arrives twice',
  calls: 'messages',
  open: (fault) =>
    actingOnMessages(fault, (message, out) => {
      for (const frame of [...message, ...message]) out.frame(frame);
    }),
});
