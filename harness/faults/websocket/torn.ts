import { z } from 'zod';
import { actingOn } from './acting-on.ts';
import { bytes as size } from '../fault-parameters.ts';
import { webSocketFault } from './web-socket-fault.ts';

/** After so many the rest is one. */
const MAX_SLICES = 16_384;

export const torn = webSocketFault({
  name: 'torn',
  summary: 'a frame comes in pieces of so many bytes',
  calls: 'frames',
  benign: true,
  parameters: z.object({ bytes: size(1, 'in each piece') }),
  open: (fault, { bytes }) =>
    actingOn(
      fault,
      () => true,
      ({ wire }, out) => {
        const slices = Math.min(MAX_SLICES, Math.ceil(wire.byteLength / bytes));
        for (let slice = 0; slice < slices; slice += 1) {
          const end = slice === slices - 1 ? wire.byteLength : (slice + 1) * bytes;
          out.bytes(wire.subarray(slice * bytes, end));
          out.turn();
        }
      },
    ),
});
