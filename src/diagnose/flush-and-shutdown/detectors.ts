import type { Detector } from '../detector.ts';
import { heldBytes } from './held-bytes.ts';
import { needsFlushToAccept } from './needs-flush-to-accept.ts';
import { shutdownErrorKillsBoth } from './shutdown-error-kills-both.ts';
import { shutdownNotIdempotent } from './shutdown-not-idempotent.ts';
import { shutdownWaitsForPeer } from './shutdown-waits-for-peer.ts';

/** The detectors of this family, one file each. */
export const flushAndShutdownDetectors: readonly Detector[] = [
  heldBytes,
  needsFlushToAccept,
  shutdownNotIdempotent,
  shutdownWaitsForPeer,
  shutdownErrorKillsBoth,
];
