import { z } from 'zod';
import { actingOn } from './acting-on.ts';
import { oneOf } from '../fault-parameters.ts';
import { END_PLACES, isPlace } from './end-place.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const rstWithoutClose = webSocketFault({
  name: 'rst-without-close',
  summary: 'RST comes where a frame should',
  calls: 'Close frames, or the first frames of messages',
  parameters: z.object({
    at: oneOf(END_PLACES)
      .default('close')
      .describe('instead of a Close, instead of a message, or in the middle of one'),
  }),
  open: (fault, { at }) =>
    actingOn(fault, isPlace(at), (frame, out) => {
      if (at === 'mid-frame') out.bytes(frame.wire.subarray(0, frame.wire.byteLength >> 1));
      out.reset();
    }),
});
