import { z } from 'zod';
import { actingOn, isData } from './acting-on.ts';
import { webSocketFault } from './web-socket-fault.ts';

export const lengthLies = webSocketFault({
  name: 'length-lies',
  summary: 'the length of a frame says something else than it has, in 16 or 64 bits',
  calls: 'frames of data',
  parameters: z.object({
    bits: z.literal([16, 64], { error: '16 or 64' }).default(16).describe('how wide it is written'),
    by: z.int({ error: 'a whole number' }).default(1).describe('added to the true length'),
    declared: z
      .union([z.int().min(0), z.string().regex(/^\d{1,19}$/)], { error: 'a whole number, as text beyond 2^53' })
      .optional()
      .describe('written instead of the true length'),
  }),
  open: (fault, { bits, by, declared }) =>
    actingOn(fault, isData, (frame, out) => {
      const lied = declared === undefined ? BigInt(Math.max(0, frame.payloadBytes + by)) : BigInt(declared);
      out.bytes(frame.with({ lengthBits: bits, declaredBytes: lied }).wire);
    }),
});
