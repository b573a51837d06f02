import type { CopyCounts } from '../../src/copy/copy-error.ts';
import type { WatchedEnd } from '../../src/watch/worker-link.ts';
import type { RelayKind } from './step.ts';

/** What the supervisor tells the Worker that runs the relay. */
export interface RelayJob {
  readonly relay: RelayKind;
  readonly dialect: string;
  readonly swapped: boolean;
  /** The far end of a plain relay. */
  readonly originPort: number;
  readonly serverUrl: string;
  readonly token: string;
  /** By which the supervisor watches. */
  readonly watched: WatchedEnd;
}

/** What the Worker tells the supervisor, while it can. */
export type RelayMessage =
  | { readonly kind: 'listening'; readonly port: number }
  | { readonly kind: 'ended'; readonly counts: CopyCounts; readonly code?: string; readonly message?: string }
  /** The WebSocket is closed for good, and a pump still waits for its next message. */
  | {
      readonly kind: 'pump-waits';
      readonly pump: 'a -> b' | 'b -> a';
      readonly counts: CopyCounts;
      readonly sinceCloseMs: number;
    };
