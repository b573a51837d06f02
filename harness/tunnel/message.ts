import type { RawData } from 'ws';
import { printable, TunnelError } from './tunnel-error.ts';

/** The first byte of every message. */
export const MessageKind = {
  /** The rest is payload, at least one byte. */
  DATA: 0,
  /** The end of this direction; nothing follows but an abort. */
  END: 1,
  /** Both directions failed; the rest says why, in UTF-8. */
  ABORT: 2,
} as const;

/** The byte of kind before every payload: the one byte that the story is about. */
export const HEADER_BYTES = 1;

/** The longest reason that an abort may carry. */
export const MAX_REASON_BYTES = 512;

export type TunnelMessage =
  /** The payload is `bytes.subarray(HEADER_BYTES)`; the whole is kept, so that nothing is copied. */
  | { readonly kind: 'data'; readonly bytes: Buffer }
  | { readonly kind: 'end' }
  | { readonly kind: 'abort'; readonly reason: string };

/** A data message around a copy of `bytes[start..end]`. */
export function encodeData(bytes: Uint8Array, start: number, end: number): Buffer {
  const message = Buffer.allocUnsafe(HEADER_BYTES + end - start);
  message[0] = MessageKind.DATA;
  message.set(bytes.subarray(start, end), HEADER_BYTES);
  return message;
}

export function encodeEnd(): Buffer {
  return Buffer.of(MessageKind.END);
}

/** An abort; a reason that is too long is cut between two characters. */
export function encodeAbort(reason: string): Buffer {
  const message = Buffer.alloc(HEADER_BYTES + MAX_REASON_BYTES);
  message[0] = MessageKind.ABORT;
  const { written } = new TextEncoder().encodeInto(reason, message.subarray(HEADER_BYTES));
  return message.subarray(0, HEADER_BYTES + written);
}

/** Reads one WebSocket message. Throws TUNNEL_MESSAGE_INVALID for what is none of ours. */
export function decodeMessage(data: RawData, isBinary: boolean): TunnelMessage {
  if (!isBinary) throw invalid('a binary message', 'a text message');
  const bytes = wholeOf(data);
  const payloadBytes = bytes.byteLength - HEADER_BYTES;
  switch (bytes[0]) {
    case undefined:
      throw invalid('a byte of kind', 'an empty message');
    case MessageKind.DATA:
      // A payload of nothing would be read as the end of the stream, or not at all and for ever.
      if (payloadBytes === 0) throw invalid('a payload of at least 1 byte', 'none');
      return { kind: 'data', bytes };
    case MessageKind.END:
      if (payloadBytes !== 0) throw invalid('an end message of 1 byte', `${bytes.byteLength}`);
      return { kind: 'end' };
    case MessageKind.ABORT:
      if (payloadBytes > MAX_REASON_BYTES) {
        throw invalid(`a reason of at most ${MAX_REASON_BYTES} bytes`, `${payloadBytes}`);
      }
      return { kind: 'abort', reason: printable(bytes.toString('utf8', HEADER_BYTES), MAX_REASON_BYTES) };
    default:
      throw invalid('kind 0, 1 or 2', `${bytes[0]}`);
  }
}

function invalid(expected: string, got: string): TunnelError {
  return new TunnelError('TUNNEL_MESSAGE_INVALID', `Wrong message from the peer: expected ${expected}, got ${got}`);
}

/** `ws` hands over a Buffer unless its `binaryType` was changed. */
function wholeOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
}
