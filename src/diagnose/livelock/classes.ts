import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const livelockClasses: ClassInfos<(typeof FAMILIES)['livelock'][number]> = {
  'self-wake-storm': {
    summary: 'wake self on Pending',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/pull/5436'],
    needs: [],
    explains: [],
  },
  'never-yields': {
    summary: 'both sides always Ready',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/issues/6250', 'ibigbug/clash-rs/pull/1510'],
    needs: [],
    explains: [],
  },
  'direction-starved': {
    summary: 'shared budget, a->b first',
    lookAt: '',
    seeAlso: ['quinn-rs/quinn/issues/753'],
    needs: [],
    explains: [],
  },
  'polled-after-done': {
    summary: 'a direction that is done does I/O again',
    lookAt:
      'The loop or select around the two directions: one that is done has to be left alone, also while the other one goes on.',
    seeAlso: ['linkerd/linkerd2/pull/537', 'linkerd/linkerd2/issues/4006'],
    needs: [],
    explains: ['shutdown-not-idempotent', 'read-after-eof', 'never-yields', 'self-wake-storm'],
  },
  'read-after-eof': {
    summary: 'a reader is read again after it has said that there is no more',
    lookAt:
      'Where a read of 0 is remembered: everything after it (a flush or a shutdown that is Pending, the other direction) must leave the reader alone.',
    seeAlso: ['async-rs/async-std/pull/894'],
    needs: [],
    explains: ['never-yields', 'self-wake-storm', 'hang-up-loop', 'direction-starved'],
  },
  'hang-up-loop': {
    summary: 'POLLHUP/OUT always ready',
    lookAt: '',
    seeAlso: ['OpenPrinting/cups/issues/827'],
    needs: [],
    explains: [],
  },
};
