import { transportFault } from '../fault-definition.ts';
import { CutStream } from './cut-stream.ts';

export const fin = transportFault({
  name: 'fin',
  summary: 'the direction towards this side ends early (FIN), the other goes on; what comes after it is thrown away',
  halves: ['write'],
  calls: 'writes towards this side',
  class: 'premature-teardown',
  wrap: (inner, fault, link) =>
    new CutStream(inner, fault, link, {
      cut: () => {
        link.end();
      },
      after: 'swallows',
    }),
});
