import type { Exchange } from '../exchange.ts';

/** The version that bytes begin with; `unsure`: they are too few; null: they are no SOCKS. */
export type SocksGuess = 4 | 5 | 'unsure' | null;

/** Ways to authenticate that have a name (IANA); private ones are never offered alone by what people use. */
const MAX_NAMED_METHOD = 9;
const MAX_METHODS = 16;
const MAX_USER_BYTES = 255;
const REPLY4_BYTES = 8;

/**
 * Whether a conversation of SOCKS begins with these bytes. Two bytes of chance look like it once in a few hundred times, so all that
 * has to be right is looked at, and what the server says is believed only if the client has spoken SOCKS, or was not captured.
 */
export function socksVersion(bytes: Buffer, isClient: boolean, exchange: Exchange): SocksGuess {
  const [first] = bytes;
  if (first === undefined) return 'unsure';
  if (isClient) return first === 5 ? greeting5(bytes) : first === 4 ? request4(bytes) : null;
  if (exchange.isClientHeard) {
    if (exchange.socks === 5) return first === 5 ? 5 : null;
    return exchange.socks === 4 && first === 0 ? 4 : null;
  }
  return first === 5 ? method5(bytes) : first === 0 ? reply4(bytes) : null;
}

/** A greeting is as long as it says; then the client waits, or goes on without waiting. */
function greeting5(bytes: Buffer): SocksGuess {
  const count = bytes[1];
  if (count === undefined) return 'unsure';
  if (count === 0 || count > MAX_METHODS) return null;
  const methods = bytes.subarray(2, 2 + count);
  if (new Set(methods).size < methods.length || methods.some((one) => one > MAX_NAMED_METHOD && one < 0x80))
    return null;
  if (methods.every((one) => one >= 0x80) && methods.length > 0) return null;
  if (methods.length < count) return 'unsure';
  const next = bytes.subarray(2 + count);
  if (next.length === 0) return 5;
  const isUser = next[0] === 1 && methods.includes(2);
  const isRequest = next[0] === 5 && (next[1] ?? 1) >= 1 && (next[1] ?? 1) <= 3 && (next[2] ?? 0) === 0;
  return isUser || isRequest ? 5 : null;
}

function request4(bytes: Buffer): SocksGuess {
  const command = bytes[1];
  if (command !== undefined && command !== 1 && command !== 2) return null;
  if (bytes.length < 9) return 'unsure';
  if (bytes.readUInt16BE(2) === 0) return null;
  const end = bytes.indexOf(0, 8);
  const user = bytes.subarray(8, end === -1 ? bytes.length : end);
  if (user.length > MAX_USER_BYTES || user.some((byte) => byte < 0x20 || byte === 0x7f)) return null;
  return end === -1 ? 'unsure' : 4;
}

/** The choice alone, or with what follows it if the client does not wait. */
function method5(bytes: Buffer): SocksGuess {
  const [, method, next] = bytes;
  if (method === undefined) return 'unsure';
  if (method !== 0 && method !== 2 && method !== 255) return null;
  return next === undefined || (method === 0 && next === 5) || (method === 2 && next === 1) ? 5 : null;
}

function reply4(bytes: Buffer): SocksGuess {
  const status = bytes[1];
  if (status !== undefined && (status < 90 || status > 93)) return null;
  if (bytes.length < REPLY4_BYTES) return 'unsure';
  return bytes.length === REPLY4_BYTES ? 4 : null;
}
