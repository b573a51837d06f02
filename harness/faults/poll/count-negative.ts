import { pollFault } from '../fault-definition.ts';
import { changedCount } from './changed-count.ts';

export const countNegative = pollFault({
  name: 'count-negative',
  summary: 'the count is -1, as a system call returns it that failed',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'calls that moved bytes',
  wrap: (inner, fault) => changedCount(inner, fault, () => -1),
});
