import { z } from 'zod';
import { pollFault } from '../fault-definition.ts';
import { bytes } from '../fault-parameters.ts';
import { changedCount } from './changed-count.ts';

export const headerCounted = pollFault({
  name: 'header-counted',
  summary: 'a write reports the length of the message that it made, header and all',
  halves: ['write'],
  calls: 'writes that took bytes',
  class: 'over-report-spin',
  parameters: z.object({ header: bytes(1, 'bytes of the header of each message') }),
  wrap: (inner, fault, { header }) => changedCount(inner, fault, (n) => n + header),
});
