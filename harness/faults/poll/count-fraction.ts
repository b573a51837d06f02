import { pollFault } from '../fault-definition.ts';
import { changedCount } from './changed-count.ts';

export const countFraction = pollFault({
  name: 'count-fraction',
  summary: 'the count is half a byte short of the truth',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'calls that moved bytes',
  wrap: (inner, fault) => changedCount(inner, fault, (n) => n - 0.5),
});
