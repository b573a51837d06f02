import { pollFault } from '../fault-definition.ts';
import { changedCount } from './changed-count.ts';

export const countUndefined = pollFault({
  name: 'count-undefined',
  summary: 'the count is undefined: somebody forgot to return it',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'calls that moved bytes',
  wrap: (inner, fault) => changedCount(inner, fault, () => undefined),
});
