import { actingOn, beginsMessage } from './acting-on.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const closeBeforeData = webSocketFault({
  name: 'close-before-data',
  summary: 'a Close 1000 overtakes a message',
  calls: 'messages',
  open: (fault) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(out.make({ opcode: Opcode.CLOSE, payload: Buffer.of(0x03, 0xe8) }));
      out.frame(frame);
    }),
});
