import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const terminationClasses: ClassInfos<(typeof FAMILIES)['termination'][number]> = {
  'half-close-linger': {
    summary: 'one Done, other idle',
    lookAt: '',
    seeAlso: [
      'tokio-rs/tokio/issues/3876',
      'tokio-rs/tokio/issues/4556',
      'rathole-org/rathole/pull/460',
      'shadowsocks/shadowsocks-rust/issues/1195',
      'neondatabase/neon/pull/6720',
    ],
    needs: [],
    explains: [],
  },
  'premature-teardown': {
    summary: 'select! on two copies',
    lookAt: '',
    seeAlso: ['permissionlesstech/bitchat/pull/1495', 'linkerd/linkerd2/issues/473'],
    needs: [],
    explains: [],
  },
  'eof-not-propagated': {
    summary: 'join without shutdown, drop without FIN',
    lookAt: '',
    seeAlso: ['Infisical/cli/pull/218', 'tokio-rs/tokio/issues/6878'],
    needs: [],
    explains: [],
  },
  'shutdown-is-full-close': {
    summary: 'half-close maps to close',
    lookAt: '',
    seeAlso: ['PierreZ/moonpool/issues/226', 'nodejs/node/issues/49073'],
    needs: [],
    explains: [],
  },
  'dead-peer': {
    summary: 'no keepalive or L4-only',
    lookAt: '',
    seeAlso: ['joaoh82/rustunnel/pull/24', 'Start9Labs/start-technologies/pull/3211'],
    needs: [],
    explains: [],
  },
};
