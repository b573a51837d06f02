import type { ClassInfos } from '../class-info.ts';
import type { FAMILIES } from '../finding-class.ts';

/** What is always the same of the classes of this family. */
export const wakeUpsClasses: ClassInfos<(typeof FAMILIES)['wake-ups'][number]> = {
  'pending-without-waker': {
    summary: 'returns Pending, stores nothing',
    lookAt: '',
    seeAlso: ['tokio-rs/tls/issues/54', 'snapview/tokio-tungstenite/issues/206'],
    needs: [],
    explains: [],
  },
  'inner-ready-outer-pending': {
    summary: 'inner made progress (so registered nothing), wrapper returns Pending',
    lookAt: '',
    seeAlso: ['Enet4/dicom-rs/pull/783', 'nymtech/nym-vpn-client/pull/4985'],
    needs: [],
    explains: [],
  },
  'waker-overwritten': {
    summary: 'one slot, two tasks/halves',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/issues/3200', 'tokio-rs/tls/issues/40', 'Gelbpunkt/tokio-websockets/issues/106'],
    needs: [],
    explains: [],
  },
  'masked-stall': {
    summary: 'lost wake/flush healed by unrelated event (PING, other direction, top-up read)',
    lookAt: '',
    seeAlso: ['vi/websocat/issues/250'],
    needs: [],
    explains: [],
  },
  'leftover-not-drained': {
    summary: 'adapter holds decoded bytes but waits for socket',
    lookAt: '',
    seeAlso: ['lemunozm/message-io/pull/185'],
    needs: [],
    explains: [],
  },
  'readiness-lost': {
    summary: 'event between op and clear',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/issues/6133', 'tokio-rs/tokio/pull/8331', 'hermit-os/kernel/issues/2533'],
    needs: [],
    explains: [],
  },
  'close-does-not-wake': {
    summary: 'drop without waking parked side',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/pull/3756', 'tokio-rs/tokio/issues/6914'],
    needs: [],
    explains: [],
  },
  'deferred-wake-lost': {
    summary: 'coop/yield waker deferred then thread blocks',
    lookAt: '',
    seeAlso: ['tokio-rs/tokio/issues/7877', 'tokio-rs/tokio/pull/6999'],
    needs: [],
    explains: [],
  },
};
