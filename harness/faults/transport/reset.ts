import { transportFault } from '../fault-definition.ts';
import { CutStream } from './cut-stream.ts';

export const reset = transportFault({
  name: 'reset',
  summary: 'the connection is reset (RST) towards this side: at once, at a time, or after so many bytes',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'reads or writes',
  class: 'buffered-data-lost',
  wrap: (inner, fault, link) =>
    new CutStream(inner, fault, link, {
      cut: () => {
        link.reset();
      },
      after: 'waits',
    }),
});
