import { printable } from '../../../../src/printable.ts';
import { formatEndpoint } from '../../tcp/format-endpoint.ts';

/** `taken`: so many bytes were a part of the handshake. */
export type SocksStep =
  | { readonly kind: 'more' }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'taken'; readonly bytes: number; readonly text: string; readonly isOver: boolean };

export type SocksName = 'socks4' | 'socks4a' | 'socks5';

const MORE: SocksStep = { kind: 'more' };
const COMMANDS = new Map([
  [1, 'CONNECT'],
  [2, 'BIND'],
  [3, 'UDP ASSOCIATE'],
]);
const MAX_USER_BYTES = 512;

/** What begins a conversation of SOCKS at this side; null: nothing does. Two bytes tell. */
export function socksVersion(bytes: Buffer, isClient: boolean): 4 | 5 | null {
  const [first, second, third] = bytes;
  if (first === undefined || second === undefined) return null;
  if (isClient) {
    // A greeting is as long as it says, and a client waits for the answer.
    if (first === 5 && second > 0 && bytes.length <= 2 + second + 600 && bytes.length >= 2 + second) return 5;
    return first === 4 && (second === 1 || second === 2) && bytes.length >= 9 ? 4 : null;
  }
  if (first === 5 && (second === 0 || second === 2 || second === 255)) {
    return third === undefined || (second === 0 && third === 5) || (second === 2 && third === 1) ? 5 : null;
  }
  return first === 0 && second >= 90 && second <= 93 && bytes.length >= 8 ? 4 : null;
}

/** One side's part in a handshake of SOCKS, step by step. */
export class SocksReader {
  readonly version: 4 | 5;
  readonly #isClient: boolean;
  #isGreeted = false;
  /** Client: `socks4a` is known only by its address. */
  name: SocksName;

  constructor(version: 4 | 5, isClient: boolean) {
    this.version = version;
    this.#isClient = isClient;
    this.name = version === 5 ? 'socks5' : 'socks4';
  }

  /** What `bytes` begin with. */
  step(bytes: Buffer): SocksStep {
    if (this.version === 4) return this.#isClient ? this.#request4(bytes) : reply4(bytes);
    if (!this.#isGreeted) return this.#greet(bytes);
    // A negotiation of user and password (RFC 1929) has a version of its own.
    if (bytes[0] === 1) return this.#isClient ? userAndPassword(bytes) : status(bytes);
    return request5(bytes, this.#isClient);
  }

  #greet(bytes: Buffer): SocksStep {
    if (bytes.length < 2) return MORE;
    const count = bytes[1] ?? 0;
    const length = this.#isClient ? 2 + count : 2;
    if (bytes.length < length) return MORE;
    this.#isGreeted = true;
    if (this.#isClient) {
      const methods = [...bytes.subarray(2, length)].map(methodName).join(', ');
      return { kind: 'taken', bytes: length, text: `SOCKS5 greeting: ${methods}`, isOver: false };
    }
    const isRefused = count === 255;
    return { kind: 'taken', bytes: 2, text: `SOCKS5 method: ${methodName(count)}`, isOver: isRefused };
  }

  #request4(bytes: Buffer): SocksStep {
    const userEnd = bytes.indexOf(0, 8);
    if (userEnd === -1) return bytes.length > MAX_USER_BYTES ? { kind: 'wrong', why: 'a user without an end' } : MORE;
    const port = bytes.readUInt16BE(2);
    const command = COMMANDS.get(bytes[1] ?? 0) ?? `command ${bytes[1]}`;
    // 0.0.0.x, x not 0: the name stands behind the user.
    const isName = bytes[4] === 0 && bytes[5] === 0 && bytes[6] === 0 && bytes[7] !== 0;
    if (!isName) {
      const target = formatEndpoint(bytes, 4, 4, port);
      return { kind: 'taken', bytes: userEnd + 1, text: `SOCKS4 ${command} ${target}`, isOver: true };
    }
    this.name = 'socks4a';
    const nameEnd = bytes.indexOf(0, userEnd + 1);
    if (nameEnd === -1)
      return bytes.length > MAX_USER_BYTES * 2 ? { kind: 'wrong', why: 'a name without an end' } : MORE;
    const host = printable(bytes.toString('latin1', userEnd + 1, nameEnd));
    return { kind: 'taken', bytes: nameEnd + 1, text: `SOCKS4a ${command} ${host}:${port}`, isOver: true };
  }
}

function reply4(bytes: Buffer): SocksStep {
  if (bytes.length < 8) return MORE;
  const isGranted = bytes[1] === 90;
  return { kind: 'taken', bytes: 8, text: `SOCKS4 ${isGranted ? 'granted' : `refused (${bytes[1]})`}`, isOver: true };
}

function userAndPassword(bytes: Buffer): SocksStep {
  const userBytes = bytes[1];
  const passwordBytes = userBytes === undefined ? undefined : bytes[2 + userBytes];
  if (userBytes === undefined || passwordBytes === undefined) return MORE;
  const length = 3 + userBytes + passwordBytes;
  if (bytes.length < length) return MORE;
  // The password is nobody's business, not even a report's.
  const user = printable(bytes.toString('utf8', 2, 2 + userBytes));
  return { kind: 'taken', bytes: length, text: `SOCKS5 user ${user}, a password`, isOver: false };
}

function status(bytes: Buffer): SocksStep {
  if (bytes.length < 2) return MORE;
  const isAccepted = bytes[1] === 0;
  return { kind: 'taken', bytes: 2, text: `SOCKS5 user ${isAccepted ? 'accepted' : 'refused'}`, isOver: !isAccepted };
}

/** A request, or the reply to it, which has the same form. */
function request5(bytes: Buffer, isClient: boolean): SocksStep {
  if (bytes.length < 5) return MORE;
  const [version, code = 0, , type, first = 0] = bytes;
  if (version !== 5) return { kind: 'wrong', why: `expected version 5 of SOCKS, got ${version}` };
  const addressBytes = type === 1 ? 4 : type === 4 ? 16 : type === 3 ? 1 + first : null;
  if (addressBytes === null) return { kind: 'wrong', why: `an address of type ${type}` };
  const length = 4 + addressBytes + 2;
  if (bytes.length < length) return MORE;
  const port = bytes.readUInt16BE(length - 2);
  const target =
    type === 3
      ? `${printable(bytes.toString('latin1', 5, 5 + first))}:${port}`
      : formatEndpoint(bytes, 4, type === 1 ? 4 : 6, port);
  const text = isClient
    ? `SOCKS5 ${COMMANDS.get(code) ?? `command ${code}`} ${target}`
    : `SOCKS5 ${code === 0 ? 'succeeded' : `failed (${code})`}`;
  return { kind: 'taken', bytes: length, text, isOver: true };
}

function methodName(method: number): string {
  return method === 0 ? 'none' : method === 2 ? 'user and password' : method === 255 ? 'none acceptable' : `${method}`;
}
