import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES, FindingClass } from '../finding-class.ts';

/** What a direction that stands still for want of a wake looks like to who asks only whether it moves. */
const STANDING_STILL: readonly FindingClass[] = [
  'missed-flush',
  'needs-flush-to-accept',
  'shutdown-waits-for-peer',
  'half-close-linger',
  'eof-not-propagated',
  'dead-peer',
  'direction-starved',
  'mutual-write-deadlock',
  'control-frame-coupling',
  'buffered-data-lost',
];

/** What is always the same of the classes of this family. */
export const wakeUpsClasses: ClassInfos<(typeof FAMILIES)['wake-ups'][number]> = {
  'pending-without-waker': {
    summary: 'a call is Pending and has registered no waker, so nobody will ask again',
    lookAt:
      'Each place where the call returns PENDING: there cx.register() must have been called within the same call, and the waker kept where it will be found by whoever makes the call possible. One that an earlier call has kept does not count.',
    seeAlso: ['tokio-rs/tls/issues/54', 'snapview/tokio-tungstenite/issues/206'],
    needs: [['register']],
    explains: [
      'masked-stall',
      'readiness-lost',
      'leftover-not-drained',
      'close-does-not-wake',
      'deferred-wake-lost',
      ...STANDING_STILL,
    ],
  },
  'inner-ready-outer-pending': {
    summary: 'an adapter is Pending although the stream beneath it was Ready, which therefore wakes nobody',
    lookAt:
      'What the adapter does when the stream beneath has moved bytes and it has no whole message yet: it must ask beneath again until that is Pending, or wake itself.',
    seeAlso: ['Enet4/dicom-rs/pull/783', 'nymtech/nym-vpn-client/pull/4985'],
    needs: [['register'], ['inner-read', 'inner-write', 'inner-flush', 'inner-shutdown']],
    explains: [
      'masked-stall',
      'readiness-lost',
      'leftover-not-drained',
      'close-does-not-wake',
      'deferred-wake-lost',
      ...STANDING_STILL,
    ],
  },
  'waker-overwritten': {
    summary: 'two halves keep their wakers in one place, and the later one pushes the earlier out',
    lookAt:
      'Where the stream keeps wakers: it needs one place for its reader and one for its writer, and an event must wake the half that it is for.',
    seeAlso: ['tokio-rs/tokio/issues/3200', 'tokio-rs/tls/issues/40', 'Gelbpunkt/tokio-websockets/issues/106'],
    needs: [['register'], ['socket', 'inner-read', 'inner-write']],
    explains: ['masked-stall', 'readiness-lost', 'close-does-not-wake', ...STANDING_STILL],
  },
  'masked-stall': {
    summary: 'a half whose wake was lost goes on only because something else has woken the copy',
    lookAt:
      'Who calls the waker of this half when its data comes: nobody did. Take away the other traffic (a ping, the other direction), and it hangs.',
    seeAlso: ['vi/websocat/issues/250'],
    needs: [['register']],
    explains: [],
  },
  'leftover-not-drained': {
    summary: 'a read waits for more bytes while the stream still holds some that it has not handed over',
    lookAt:
      'The order in pollRead: what is left over from the last message or record must be handed over before the socket is asked for more.',
    seeAlso: ['lemunozm/message-io/pull/185'],
    needs: [['queue']],
    explains: ['masked-stall', 'readiness-lost', ...STANDING_STILL],
  },
  'readiness-lost': {
    summary: 'what a half waits for is there, its waker is registered, and nobody has called it',
    lookAt:
      'What lies between the look that found nothing and the registration, and between the event and the clearing of its flag: register first and look again, and clear only the event that was seen.',
    seeAlso: ['tokio-rs/tokio/issues/6133', 'tokio-rs/tokio/pull/8331', 'hermit-os/kernel/issues/2533'],
    needs: [['register'], ['socket']],
    explains: ['masked-stall', ...STANDING_STILL],
  },
  'close-does-not-wake': {
    summary: 'a connection has ended, and a half that waits on it is not woken',
    lookAt:
      'What is done at the close, the end and the failure of the connection (its drop, too): each must wake both halves, whichever of them has found it out.',
    seeAlso: ['tokio-rs/tokio/pull/3756', 'tokio-rs/tokio/issues/6914'],
    needs: [['socket']],
    explains: ['readiness-lost', 'masked-stall', ...STANDING_STILL],
  },
  'deferred-wake-lost': {
    summary: 'a waker was called, and whoever runs the copy has not polled it',
    lookAt:
      'Who runs the copy, not its streams: a wake that is put off to the end of the turn is lost if the thread blocks before (a synchronous call, a nested event loop), or if the list of such wakes is dropped.',
    seeAlso: ['tokio-rs/tokio/issues/7877', 'tokio-rs/tokio/pull/6999'],
    needs: [['wake'], ['poll']],
    explains: ['masked-stall', 'readiness-lost', 'close-does-not-wake', ...STANDING_STILL],
  },
};
