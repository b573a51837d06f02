import type { ConnectionPicture } from './connection-picture.ts';
import type { Ending } from './detector.ts';
import { unwritten } from './unwritten.ts';

/** More than these are counted, and not kept. */
const MAX_KEPT = 1000;

/** One that has failed with bytes in its buffers: whoever is to blame, they have not arrived. */
export interface FailedConnection {
  readonly connection: number;
  /** With which it failed, where that was told. */
  readonly code?: string;
  /** Bytes of each direction that were read and not delivered. */
  readonly aToB: number;
  readonly bToA: number;
}

/** Connections that have failed with bytes that were read and not delivered. */
export class FailedConnections {
  readonly kept: FailedConnection[] = [];
  count = 0;

  ended({ connection, aToB, bToA }: ConnectionPicture, { outcome, code }: Ending): void {
    if (outcome !== 'failed') return;
    const left = { aToB: Math.max(0, unwritten(aToB)), bToA: Math.max(0, unwritten(bToA)) };
    if (left.aToB + left.bToA === 0) return;
    this.count += 1;
    if (this.kept.length < MAX_KEPT) this.kept.push({ connection, ...(code === undefined ? {} : { code }), ...left });
  }
}
