import { MessageKind } from '../../tunnel/message.ts';
import { targetOfUrl } from '../../tunnel/target.ts';
import type { SeenMessage } from '../conversation-event.ts';
import type { HttpHead } from './http/http-head.ts';
import type { WholeMessage } from './websocket/message-parts.ts';

const TYPES = new Map<number, string>([
  [MessageKind.DATA, 'data'],
  [MessageKind.END, 'end'],
  [MessageKind.ABORT, 'abort'],
]);

/** The messages of our own tunnel within those of a WebSocket, known by the target in the upgrade request. */
export class TunnelReader {
  #isTunnel = false;

  upgrade({ firstLine }: HttpHead): void {
    const [method, path = ''] = firstLine.split(' ');
    if (method !== 'GET') return;
    try {
      targetOfUrl(path);
      this.#isTunnel = true;
    } catch {
      // Somebody else's WebSocket.
      this.#isTunnel = false;
    }
  }

  /** The first byte of a message that should be one of the tunnel's, and is not; null: it is, or nobody knows. */
  unknownKind({ type, payload, firstByte }: WholeMessage): number | null {
    if (!this.#isTunnel || type !== 'binary') return null;
    const kind = payload?.[0] ?? firstByte;
    return kind === -1 || TYPES.has(kind) ? null : kind;
  }

  /** Null: it is none, or its first byte is not known. */
  message({ type, payload, payloadBytes, offset, fragments, deflated, firstByte }: WholeMessage): SeenMessage | null {
    if (!this.#isTunnel || type !== 'binary') return null;
    const name = TYPES.get(payload?.[0] ?? firstByte);
    if (name === undefined) return null;
    return {
      protocol: 'tunnel',
      type: name,
      offset,
      payload: payload?.subarray(1) ?? null,
      payloadBytes: payloadBytes - 1,
      fragments,
      deflated,
    };
  }
}
