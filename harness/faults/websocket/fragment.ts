import { z } from 'zod';
import { actingOn, isData } from './acting-on.ts';
import { bytes as size } from '../fault-parameters.ts';
import { splitFrame } from './split-frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

/** After so many the rest is one: the cost grows with length times fragments. */
const MAX_FRAGMENTS = 4096;

export const fragment = webSocketFault({
  name: 'fragment',
  summary: 'a message comes in fragments of so many bytes',
  calls: 'frames of data',
  benign: true,
  parameters: z.object({ bytes: size(1, 'of payload in each') }),
  open: (fault, { bytes }) =>
    actingOn(fault, isData, (frame, out) => {
      let rest = frame;
      for (let made = 1; made < MAX_FRAGMENTS && rest.payloadBytes > bytes; made += 1) {
        const [first, second] = splitFrame(rest, bytes);
        out.frame(first);
        rest = second;
      }
      out.frame(rest);
    }),
});
