import { actingOn, isClose } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const closeLost = webSocketFault({
  name: 'close-lost',
  summary: 'a Close does not arrive',
  calls: 'Close frames',
  open: (fault) => actingOn(fault, isClose, () => undefined),
});
