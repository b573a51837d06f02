import { z } from 'zod';
import { transportFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';
import { DelayedStream } from './delayed-stream.ts';

export const latency = transportFault({
  name: 'latency',
  summary: 'bytes towards this side, and their end, arrive later, in order',
  halves: ['write'],
  calls: 'writes towards this side',
  benign: true,
  parameters: z.object({
    ms: milliseconds(100, 'so much later'),
    jitterMs: milliseconds(0, 'and up to so much more, by chance'),
  }),
  wrap(inner, fault, _link, { ms, jitterMs }) {
    let latestMs = 0;
    return new DelayedStream(inner, fault, (bytes, nowMs) => {
      latestMs = Math.max(latestMs, nowMs + ms + jitterMs * fault.chance.next());
      return { bytes, dueMs: latestMs };
    });
  },
});
