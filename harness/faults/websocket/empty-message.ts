import { actingOn, beginsMessage } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const emptyMessage = webSocketFault({
  name: 'empty-message',
  summary: 'an empty message comes before another',
  calls: 'messages',
  benign: true,
  open: (fault) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(out.make({ opcode: frame.opcode, payload: Buffer.alloc(0) }));
      out.frame(frame);
    }),
});
