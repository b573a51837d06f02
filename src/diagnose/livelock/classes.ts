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
    summary: 'done half polled again inside while',
    lookAt: '',
    seeAlso: ['linkerd/linkerd2/pull/537', 'linkerd/linkerd2/issues/4006'],
    needs: [],
    explains: [],
  },
  'read-after-eof': {
    summary: 'reader polled again while flush pends',
    lookAt: '',
    seeAlso: ['async-rs/async-std/pull/894'],
    needs: [],
    explains: [],
  },
  'hang-up-loop': {
    summary: 'POLLHUP/OUT always ready',
    lookAt: '',
    seeAlso: ['OpenPrinting/cups/issues/827'],
    needs: [],
    explains: [],
  },
};
