import { transportFault } from '../fault-definition.ts';
import { CutStream } from './cut-stream.ts';

export const close = transportFault({
  name: 'close',
  summary: 'the connection to this side is closed, both ways: at once, at a time, or after so many bytes',
  halves: ['write', 'read'],
  defaultHalves: ['write'],
  calls: 'reads or writes',
  class: 'premature-teardown',
  wrap: (inner, fault, link) =>
    new CutStream(inner, fault, link, {
      cut: () => {
        link.close();
      },
      after: 'waits',
    }),
});
