import { transportFault } from '../fault-definition.ts';

export const refuse = transportFault({
  name: 'refuse',
  summary: 'a connection is reset as soon as it has come',
  halves: ['read'],
  calls: 'connections',
  admit: (fault) => (fault.fires() ? { kind: 'refuse' } : null),
});
