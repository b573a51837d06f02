import { transportFault } from '../fault-definition.ts';
import { StalledStream } from './stalled-stream.ts';

export const vanish = transportFault({
  name: 'vanish',
  summary: 'this side is gone without a word: nothing comes from it, it takes nothing, and the connection stays',
  halves: ['read', 'write'],
  calls: 'reads or writes',
  class: 'dead-peer',
  wrap: (inner, fault, link) => new StalledStream(inner, fault, link),
});
