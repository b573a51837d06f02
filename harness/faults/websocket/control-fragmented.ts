import { actingOn, beginsMessage } from './acting-on.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const controlFragmented = webSocketFault({
  name: 'control-fragmented',
  summary: 'a ping in two fragments comes before a message',
  calls: 'messages',
  open: (fault) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      out.frame(out.make({ opcode: Opcode.PING, fin: false, payload: Buffer.from('fragm') }));
      out.frame(out.make({ opcode: Opcode.CONTINUATION, payload: Buffer.from('ented') }));
      out.frame(frame);
    }),
});
