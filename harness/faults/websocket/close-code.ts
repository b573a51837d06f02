import { z } from 'zod';
import { actingOn, isClose } from './acting-on.ts';
import { whole } from '../fault-parameters.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const closeCode = webSocketFault({
  name: 'close-code',
  summary: 'a Close has another code, one that may not be sent unless the plan names one',
  calls: 'Close frames',
  parameters: z.object({ code: whole(0, 65_535).default(1005).describe('what stands in it') }),
  open: (fault, { code }) =>
    actingOn(fault, isClose, (frame, out) => {
      const payload = Buffer.concat([Buffer.alloc(2), frame.payload.subarray(2)]);
      payload.writeUInt16BE(code);
      out.frame(frame.with({ payload }));
    }),
});
