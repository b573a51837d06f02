import { actingOn, beginsMessage } from './acting-on.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const pongUnasked = webSocketFault({
  name: 'pong-unasked',
  summary: 'a pong that nobody asked for comes before a message',
  calls: 'messages',
  benign: true,
  open: (fault) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(out.make({ opcode: Opcode.PONG, payload: Buffer.from('unasked') }));
      out.frame(frame);
    }),
});
