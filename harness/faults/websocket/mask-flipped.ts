import { actingOn, isData } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

const MASK = Buffer.from('77726f6e', 'hex');

export const maskFlipped = webSocketFault({
  name: 'mask-flipped',
  summary: "a client's frame is not masked, a server's is",
  calls: 'frames of data',
  open: (fault) =>
    actingOn(fault, isData, (frame, out) => {
      out.frame(frame.with({ mask: frame.mask === null ? MASK : null }));
    }),
});
