import { z } from 'zod';
import { transportFault } from '../fault-definition.ts';
import { whole } from '../fault-parameters.ts';

export const failFirst = transportFault({
  name: 'fail-first',
  summary: 'the first connections are reset, later ones are served: for what retries',
  halves: ['read'],
  calls: 'connections',
  parameters: z.object({ connections: whole(1, 1_000_000).default(1).describe('so many of them') }),
  admit: (fault, { connections }) =>
    fault.context.connection <= connections && fault.fires() ? { kind: 'refuse' } : null,
});
