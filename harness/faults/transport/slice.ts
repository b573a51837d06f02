import { z } from 'zod';
import { transportFault } from '../fault-definition.ts';
import { bytes, milliseconds } from '../fault-parameters.ts';
import { DelayedStream } from './delayed-stream.ts';

export const slice = transportFault({
  name: 'slice',
  summary: 'bytes towards this side arrive in small pieces, with a pause between them',
  halves: ['write'],
  calls: 'writes towards this side',
  benign: true,
  parameters: z.object({ bytes: bytes(1, 'so many together'), gapMs: milliseconds(1, 'the pause between two pieces') }),
  wrap(inner, fault, _link, { bytes: size, gapMs }) {
    let nextMs = 0;
    return new DelayedStream(inner, fault, (offered, nowMs) => {
      const dueMs = Math.max(nextMs, nowMs);
      nextMs = dueMs + gapMs;
      return { bytes: Math.min(size, offered), dueMs };
    });
  },
});
