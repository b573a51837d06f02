import { printable } from '../../../../src/printable.ts';
import { formatEndpoint } from '../../tcp/format-endpoint.ts';
import type { Exchange, SocksCommand } from '../exchange.ts';

/** `taken`: so many bytes were a part of the handshake. */
export type SocksStep =
  | { readonly kind: 'more' }
  | { readonly kind: 'wrong'; readonly why: string }
  | {
      readonly kind: 'taken';
      readonly bytes: number;
      readonly text: string;
      readonly isOver: boolean;
      /** The server has refused. */
      readonly isFailure?: boolean;
    };

export type SocksName = 'socks4' | 'socks4a' | 'socks5';

const MORE: SocksStep = { kind: 'more' };
const COMMANDS = new Map<number, SocksCommand>([
  [1, 'CONNECT'],
  [2, 'BIND'],
  [3, 'UDP ASSOCIATE'],
]);
const MAX_USER_BYTES = 512;
const METHOD_USER = 2;
const METHOD_REFUSED = 255;

/** One side's part in a handshake of SOCKS, step by step. */
export class SocksReader {
  readonly version: 4 | 5;
  readonly #isClient: boolean;
  readonly #exchange: Exchange;
  #isGreeted = false;
  #replies = 0;
  /** Client: `socks4a` is known only by its address. */
  name: SocksName;

  constructor(version: 4 | 5, isClient: boolean, exchange: Exchange) {
    this.version = version;
    this.#exchange = exchange;
    this.#isClient = isClient;
    this.name = version === 5 ? 'socks5' : 'socks4';
  }

  /** What `bytes` begin with. */
  step(bytes: Buffer): SocksStep {
    const step = this.#step(bytes);
    // BIND is answered twice: when the server listens, and when somebody has come.
    if (step.kind !== 'taken' || !step.isOver || this.#isClient || step.isFailure === true) return step;
    this.#replies += 1;
    return this.#exchange.socksCommand === 'BIND' && this.#replies < 2 ? { ...step, isOver: false } : step;
  }

  #step(bytes: Buffer): SocksStep {
    if (this.version === 4) return this.#isClient ? this.#request4(bytes) : reply4(bytes);
    if (!this.#isGreeted) return this.#greet(bytes);
    if (bytes.length === 0) return MORE;
    const method = this.#exchange.socksMethod;
    if (method !== null && method !== 0 && method !== METHOD_USER && bytes[0] !== 5)
      return { kind: 'wrong', why: `an authentication that is not known: method ${method}` };
    // A negotiation of user and password (RFC 1929) has a version of its own.
    if (bytes[0] === 1) return this.#isClient ? userAndPassword(bytes) : status(bytes);
    const step = request5(bytes, this.#isClient);
    if (this.#isClient && step.kind === 'taken') this.#exchange.socksCommand = COMMANDS.get(bytes[1] ?? 0) ?? null;
    return step;
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
    this.#exchange.socksMethod = count;
    const isOver = count === METHOD_REFUSED;
    return { kind: 'taken', bytes: 2, text: `SOCKS5 method: ${methodName(count)}`, isOver, isFailure: isOver };
  }

  #request4(bytes: Buffer): SocksStep {
    const userEnd = bytes.indexOf(0, 8);
    if (userEnd === -1) return bytes.length > MAX_USER_BYTES ? { kind: 'wrong', why: 'a user without an end' } : MORE;
    const port = bytes.readUInt16BE(2);
    const known = COMMANDS.get(bytes[1] ?? 0);
    const command = known ?? `command ${bytes[1]}`;
    this.#exchange.socksCommand = known ?? null;
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
  const text = `SOCKS4 ${isGranted ? 'granted' : `refused (${bytes[1]})`}`;
  return { kind: 'taken', bytes: 8, text, isOver: true, isFailure: !isGranted };
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
  const text = `SOCKS5 user ${isAccepted ? 'accepted' : 'refused'}`;
  return { kind: 'taken', bytes: 2, text, isOver: !isAccepted, isFailure: !isAccepted };
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
  return { kind: 'taken', bytes: length, text, isOver: true, isFailure: !isClient && code !== 0 };
}

function methodName(method: number): string {
  return method === 0
    ? 'none'
    : method === METHOD_USER
      ? 'user and password'
      : method === METHOD_REFUSED
        ? 'none acceptable'
        : `${method}`;
}
