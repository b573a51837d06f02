import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const lossClasses: ClassInfos<(typeof FAMILIES)['loss'][number]> = {
  'buffered-data-lost': {
    summary: 'Err or drop with pos<cap; bytes in handshake buffer',
    lookAt: '',
    seeAlso: ['hyperium/hyper/issues/4095'],
    needs: [],
    explains: [],
  },
};
