import type { MessagePort } from 'node:worker_threads';
import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import type { Direction } from '../../../src/poll/direction.ts';
import type { WatchedEnd } from '../../../src/watch/worker-link.ts';
import type { FaultPlan } from '../../faults/fault-plan.ts';
import type { LiveSetup } from './live-setup.ts';

/** What the thread of a live relay is told. */
export interface LiveJob {
  readonly setup: Pick<LiveSetup, 'relay' | 'adapter' | 'deflate'>;
  readonly dialect: string;
  readonly plan: FaultPlan;
  /** plain: the origin's. tunnel: that of the WebSocket server in front of it. */
  readonly targetPort: number;
  /** plain: the origin's. Default: the loopback. */
  readonly targetHost?: string;
  /** By which it is watched. */
  readonly watched: WatchedEnd;
  /** Takes LiveMessages; once it is closed the relay listens no more. */
  readonly port: MessagePort;
}

/** What it tells, while it can. */
export type LiveMessage =
  | { readonly kind: 'listening'; readonly port: number }
  /** A text that events refer to by its number. */
  | { readonly kind: 'text'; readonly id: number; readonly text: string }
  /** A fault fires for the first time, as the trace has it. */
  | { readonly kind: 'fired'; readonly fault: string }
  | {
      readonly kind: 'ended';
      /** From 1, in the order of the client's connections. */
      readonly connection: number;
      readonly counts: CopyCounts;
      /** Of the error that it ended with; null: it completed. */
      readonly code: string | null;
      readonly direction: Direction | null;
    };
