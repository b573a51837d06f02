import { z } from 'zod';
import { pollFault } from '../fault-definition.ts';
import { changedCount } from './changed-count.ts';

/** The story's bug as a fault: by 1 it is an adapter that counts its one-byte header. */
export const count = pollFault({
  name: 'count',
  summary: 'the count is off by so many',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'calls that moved bytes',
  class: 'over-report-spin',
  parameters: z.object({
    by: z
      .int({ error: 'a whole number other than 0' })
      .refine((by) => by !== 0, 'a whole number other than 0')
      .default(1)
      .describe('added to the true count; less than 0: too few are reported'),
  }),
  wrap: (inner, fault, { by }) => changedCount(inner, fault, (n) => n + by),
});
