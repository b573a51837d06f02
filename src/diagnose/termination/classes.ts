import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const terminationClasses: ClassInfos<(typeof FAMILIES)['termination'][number]> = {
  'half-close-linger': {
    summary: 'one direction has ended, and the other waits without end for a peer that says nothing more',
    lookAt:
      'What bounds a half-closed connection: a limit on how long nothing may move once one direction is done (halfCloseTimeoutMs). Also whether every way in which a peer can go is told as an end.',
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
    summary: 'the end of one direction ends the whole copy, and what the other still carries is lost',
    lookAt:
      'What ends the relay: two one-way copies that race (select!, Promise.race) drop the slower one. Wait for both directions, and shut each writer down when its own reader has ended.',
    seeAlso: ['permissionlesstech/bitchat/pull/1495', 'linkerd/linkerd2/issues/473'],
    needs: [],
    explains: ['eof-not-propagated', 'buffered-data-lost', 'missed-flush'],
  },
  'eof-not-propagated': {
    summary: 'one side has ended, and the other is never told',
    lookAt:
      "What follows the read of 0: the writer of that direction has to be flushed and shut down, which sends its peer the end. A one-way copy (tokio's copy, a loop over chunks) does not do that by itself.",
    seeAlso: ['Infisical/cli/pull/218', 'tokio-rs/tokio/issues/6878'],
    needs: [],
    explains: ['half-close-linger', 'dead-peer'],
  },
  'shutdown-is-full-close': {
    summary: 'shutting down the writing half of a stream closes its reading half, too',
    lookAt:
      'pollShutdown of the adapter: a close() or destroy() there takes the answer away that is still to come. The end of one direction needs a message, or a half-close, of its own.',
    seeAlso: ['PierreZ/moonpool/issues/226', 'nodejs/node/issues/49073'],
    needs: [['inner-read', 'inner-write', 'inner-shutdown', 'socket']],
    explains: ['false-eof', 'shutdown-error-kills-both', 'buffered-data-lost'],
  },
  'dead-peer': {
    summary: 'the peer is gone without a word, and its connection is taken for open',
    lookAt:
      'What would notice a peer that is gone: a ping with a limit on its answer, on the outermost protocol that the peer itself speaks. A keepalive of TCP proves only that the next machine is there.',
    seeAlso: ['joaoh82/rustunnel/pull/24', 'Start9Labs/start-technologies/pull/3211'],
    needs: [['socket', 'queue']],
    explains: ['half-close-linger'],
  },
};
