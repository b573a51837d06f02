import { transportFault } from '../fault-definition.ts';
import { StalledStream } from './stalled-stream.ts';

export const stall = transportFault({
  name: 'stall',
  summary: 'one direction stops: nothing more goes towards this side (read: comes from it), until forMs is over',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'reads or writes',
  benign: false,
  class: 'dead-peer',
  wrap: (inner, fault, link) => new StalledStream(inner, fault, link),
});
