import { actingOn, isClose } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const closeWithoutCode = webSocketFault({
  name: 'close-without-code',
  summary: 'a Close has no code and no reason',
  calls: 'Close frames',
  open: (fault) =>
    actingOn(fault, isClose, (frame, out) => {
      out.frame(frame.with({ payload: Buffer.alloc(0) }));
    }),
});
