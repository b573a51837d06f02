import { actingOn, isClose } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const closeTwice = webSocketFault({
  name: 'close-twice',
  summary: 'a Close is sent twice',
  calls: 'Close frames',
  open: (fault) =>
    actingOn(fault, isClose, (frame, out) => {
      out.frame(frame);
      out.frame(frame);
    }),
});
