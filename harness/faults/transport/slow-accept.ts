import { z } from 'zod';
import { transportFault } from '../fault-definition.ts';
import { milliseconds } from '../fault-parameters.ts';

export const slowAccept = transportFault({
  name: 'slow-accept',
  summary: 'a connection is served only after a while',
  halves: ['read'],
  calls: 'connections',
  benign: true,
  parameters: z.object({ ms: milliseconds(100, 'after so many milliseconds') }),
  admit: (fault, { ms }) => (fault.fires() ? { kind: 'delay', ms } : null),
});
