import { actingOn, beginsMessage } from './acting-on.ts';
import { splitFrame } from './split-frame.ts';
import { Opcode } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const pingBetweenFragments = webSocketFault({
  name: 'ping-between-fragments',
  summary: 'a message comes in two fragments with a ping between them',
  calls: 'messages',
  benign: true,
  open: (fault) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      const [first, second] = splitFrame(frame, frame.payloadBytes >> 1);
      out.frame(first);
      out.frame(out.make({ opcode: Opcode.PING, payload: Buffer.from('between') }));
      out.frame(second);
    }),
});
