import { pollFault } from '../fault-definition.ts';
import { changedCount } from './changed-count.ts';

export const countString = pollFault({
  name: 'count-string',
  summary: 'the count is a text: "68"',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'calls that moved bytes',
  wrap: (inner, fault) => changedCount(inner, fault, String),
});
