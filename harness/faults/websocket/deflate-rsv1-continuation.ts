import { actingOn, beginsMessage } from './acting-on.ts';
import { splitFrame } from './split-frame.ts';
import { RSV1 } from './wire/frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const deflateRsv1Continuation = webSocketFault({
  name: 'deflate-rsv1-continuation',
  summary: 'a message comes in two fragments, the second with RSV1',
  calls: 'messages',
  open: (fault) =>
    actingOn(fault, beginsMessage, (frame, out) => {
      const [first, second] = splitFrame(frame, frame.payloadBytes >> 1);
      out.frame(first);
      out.frame(second.with({ rsv: RSV1 }));
    }),
});
