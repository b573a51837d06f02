import type { Detector } from '../detector.ts';
import { deadPeer } from './dead-peer.ts';
import { endIsFullClose } from './end-is-full-close.ts';
import { eofNotPropagated } from './eof-not-propagated.ts';
import { halfCloseLinger } from './half-close-linger.ts';
import { prematureTeardown } from './premature-teardown.ts';
import { shutdownIsFullClose } from './shutdown-is-full-close.ts';

/** The detectors of this family, one file each. */
export const terminationDetectors: readonly Detector[] = [
  halfCloseLinger,
  prematureTeardown,
  eofNotPropagated,
  shutdownIsFullClose,
  endIsFullClose,
  deadPeer,
];
