/** The bytes of what a stream or a WebSocket is given or brings: text, bytes in any form, or a list of them. */
export function payloadLength(data: unknown, encoding?: unknown): number {
  if (typeof data === 'string') return Buffer.byteLength(data, encodingOf(encoding));
  if (ArrayBuffer.isView(data) || isBuffer(data)) return data.byteLength;
  if (data instanceof Blob) return data.size;
  if (Array.isArray(data)) return data.reduce((sum: number, part) => sum + payloadLength(part), 0);
  // `ws` sends a number as its digits.
  return typeof data === 'number' ? String(data).length : 0;
}

/** The same as bytes, without a copy where there are some. A Blob, and what is no payload, has none to show. */
export function payloadBytes(data: unknown, encoding?: unknown): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data, encodingOf(encoding));
  if (ArrayBuffer.isView(data)) return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return isBuffer(data) ? new Uint8Array(data) : new Uint8Array(0);
}

function isBuffer(data: unknown): data is ArrayBufferLike {
  return data instanceof ArrayBuffer || data instanceof SharedArrayBuffer;
}

function encodingOf(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8';
}
