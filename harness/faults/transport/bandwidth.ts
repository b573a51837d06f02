import { z } from 'zod';
import { transportFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { DelayedStream } from './delayed-stream.ts';

/** Bytes go on in pieces of so much time, so that a slow line is not a stalled one. */
const PIECE_MS = 10;

export const bandwidth = transportFault({
  name: 'bandwidth',
  summary: 'no more than so many bytes a second go towards this side',
  halves: ['write'],
  calls: 'writes towards this side',
  benign: true,
  parameters: z.object({ bytesPerSecond: bytes(10_000, 'so many a second') }),
  wrap(inner, fault, _link, { bytesPerSecond }) {
    const pieceBytes = Math.max(1, Math.floor((bytesPerSecond * PIECE_MS) / 1000));
    let freeMs = 0;
    return new DelayedStream(inner, fault, (offered, nowMs) => {
      const n = Math.min(offered, pieceBytes);
      freeMs = Math.max(freeMs, nowMs) + (n * 1000) / bytesPerSecond;
      return { bytes: n, dueMs: freeMs };
    });
  },
});
