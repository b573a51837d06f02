import { z } from 'zod';
import { actingOn, isData } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const reservedBit = webSocketFault({
  name: 'reserved-bit',
  summary: 'a reserved bit is set',
  calls: 'frames of data',
  parameters: z.object({ bit: whole(1, 3).default(2).describe('which; with permessage-deflate, 1 says compressed') }),
  open: (fault, { bit }) =>
    actingOn(fault, isData, (frame, out) => {
      out.frame(frame.with({ rsv: frame.rsv | (8 >> bit) }));
    }),
});
