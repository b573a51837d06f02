import { actingOnMessages } from './acting-on-messages.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const messageDropped = webSocketFault({
  name: 'message-dropped',
  summary: 'a message does not arrive',
  calls: 'messages',
  open: (fault) => actingOnMessages(fault, () => undefined),
});
