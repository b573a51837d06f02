import { pollFault } from '../fault-definition.ts';
import { changedCount } from './changed-count.ts';

export const countNan = pollFault({
  name: 'count-nan',
  summary: 'the count is NaN',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'calls that moved bytes',
  wrap: (inner, fault) => changedCount(inner, fault, () => Number.NaN),
});
