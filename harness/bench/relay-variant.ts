import type { Socket } from 'node:net';
import { copyBidirectional } from '../../src/copy/copy-bidirectional.ts';
import { fromSocket } from '../../src/streams/from-socket.ts';
import { Recorder } from '../../src/trace/recorder.ts';

/** What is compared: Node's own pipe in both directions, and our copy without and with a recorder. */
export const VARIANTS = ['pipe', 'untraced', 'traced'] as const;
export type Variant = (typeof VARIANTS)[number];

export function isVariant(name: string | undefined): name is Variant {
  return VARIANTS.some((one) => one === name);
}

/** How a relay of that variant joins two sockets. One recorder serves the whole process, as it would in production. */
export function joinerOf(variant: Variant): (inbound: Socket, outbound: Socket) => void {
  if (variant === 'pipe') {
    return (inbound, outbound) => {
      for (const socket of [inbound, outbound]) {
        socket.setNoDelay(true);
        socket.on('error', () => {
          inbound.destroy();
          outbound.destroy();
        });
      }
      inbound.pipe(outbound);
      outbound.pipe(inbound);
    };
  }
  const recorder = variant === 'traced' ? new Recorder() : null;
  return (inbound, outbound) => {
    // A failed copy has aborted both; the load notices by itself that bytes are missing.
    copyBidirectional(fromSocket(inbound), fromSocket(outbound), { recorder }).catch(() => undefined);
  };
}
