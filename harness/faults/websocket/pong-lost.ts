import { actingOn, isPong } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const pongLost = webSocketFault({
  name: 'pong-lost',
  summary: 'a ping gets no pong',
  calls: 'pongs',
  open: (fault) => actingOn(fault, isPong, () => undefined),
});
