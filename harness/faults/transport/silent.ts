import { transportFault } from '../fault-definition.ts';

export const silent = transportFault({
  name: 'silent',
  summary: 'a connection is accepted, and that is all: nothing is read, nothing said',
  halves: ['read'],
  calls: 'connections',
  class: 'dead-peer',
  admit: (fault) => (fault.fires() ? { kind: 'silent' } : null),
});
