import { z } from 'zod';
import { actingOn, isCompressed } from './acting-on.ts';
import { bytes as size, oneOf } from '../fault-parameters.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const deflateTail = webSocketFault({
  name: 'deflate-tail',
  summary: 'the last bytes of a compressed frame are missing or wrong',
  calls: 'compressed messages',
  parameters: z.object({
    bytes: size(1, 'how many'),
    how: oneOf(['garbage', 'cut']).default('garbage').describe('garbage: they are 0xff; cut: they are missing'),
  }),
  open: (fault, { bytes, how }) =>
    actingOn(fault, isCompressed, (frame, out) => {
      const { payload } = frame;
      const kept = payload.subarray(0, Math.max(0, payload.byteLength - bytes));
      const tail = Buffer.alloc(payload.byteLength - kept.byteLength, 0xff);
      out.frame(frame.with({ payload: how === 'cut' ? kept : Buffer.concat([kept, tail]) }));
    }),
});
