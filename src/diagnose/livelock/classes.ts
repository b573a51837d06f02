import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const livelockClasses: ClassInfos<(typeof FAMILIES)['livelock'][number]> = {
  'self-wake-storm': {
    summary: 'a stream wakes its own task each time it is Pending: polls without end, and no byte moves',
    lookAt:
      'Where the stream calls its waker before it returns Pending. It should keep the waker, and call it when what it waits for has come.',
    seeAlso: ['tokio-rs/tokio/pull/5436'],
    needs: [['poll'], ['wake']],
    explains: ['masked-stall', 'dead-peer', 'half-close-linger', 'shutdown-waits-for-peer'],
  },
  'never-yields': {
    summary: 'both sides are always ready, and one poll goes on for as long as there are bytes',
    lookAt:
      'The loop of the copy: after some number of calls it has to wake itself and return, so that the rest of the thread has its turn. From tokio 1.36 a copy that runs as a task does, with the cooperative budget.',
    seeAlso: ['tokio-rs/tokio/issues/6250', 'ibigbug/clash-rs/pull/1510'],
    needs: [['poll']],
    explains: ['direction-starved', 'deferred-wake-lost'],
  },
  'direction-starved': {
    summary: 'one direction uses up the budget of the task, and the other is turned away in poll after poll',
    lookAt:
      'Which direction is polled first, and out of which budget both are paid: they have to take turns, or to have a budget each.',
    seeAlso: ['quinn-rs/quinn/issues/753'],
    needs: [['poll'], ['wake']],
    explains: ['half-close-linger', 'dead-peer', 'deferred-wake-lost'],
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
    summary: 'what carries a stream is reported as ready for ever, and polls without end find nothing to do',
    lookAt:
      'What is done with the events of the poller that are neither readable nor writable (POLLHUP, POLLERR, a socket that is closed): they have to end the half, or to be no longer waited for.',
    seeAlso: ['OpenPrinting/cups/issues/827'],
    needs: [['poll'], ['wake']],
    explains: ['masked-stall', 'dead-peer', 'half-close-linger', 'close-does-not-wake', 'shutdown-waits-for-peer'],
  },
};
