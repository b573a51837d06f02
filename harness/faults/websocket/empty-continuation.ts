import { z } from 'zod';
import { actingOn, isData } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { splitFrame } from './split-frame.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const emptyContinuation = webSocketFault({
  name: 'empty-continuation',
  summary: 'a frame is followed by continuations that are empty',
  calls: 'frames of data',
  benign: true,
  parameters: z.object({ frames: whole(1, 100_000).default(1).describe('how many') }),
  open: (fault, { frames }) =>
    actingOn(fault, isData, (frame, out) => {
      const [first, last] = splitFrame(frame, frame.payloadBytes);
      out.frame(first);
      for (let made = 1; made < frames; made += 1) out.frame(last.with({ fin: false }));
      out.frame(last);
    }),
});
