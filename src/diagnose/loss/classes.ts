import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const lossClasses: ClassInfos<(typeof FAMILIES)['loss'][number]> = {
  'buffered-data-lost': {
    summary:
      'a copy ends with bytes in its buffer that it could have delivered, or never reads those that came with a handshake',
    lookAt:
      'What happens to the bytes between pos and cap when a call fails or the copy is dropped: they are written first. And what is done with what was read beyond a handshake.',
    seeAlso: ['hyperium/hyper/issues/4095'],
    needs: [],
    explains: ['half-close-linger', 'dead-peer'],
  },
};
