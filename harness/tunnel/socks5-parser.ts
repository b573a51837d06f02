import { SocketAddress } from 'node:net';
import { SocksError, type SocksErrorCode } from './socks5-error.ts';
import { encodeReply, SOCKS_VERSION, SocksReply } from './socks5-reply.ts';
import { checkTarget, type Target } from './target.ts';
import { sameSecret } from './token.ts';
import { TunnelError } from './tunnel-error.ts';

/** RFC 1929: what a client has to know. Each 1 to 255 bytes. */
export interface SocksCredentials {
  readonly user: string;
  readonly password: string;
}

/** What came of a piece of the handshake. `reply` goes to the client first; it may be empty. */
export type SocksStep =
  | { readonly kind: 'more'; readonly reply: Buffer }
  /** `early`: what came after the request in the same piece. It belongs to the target, and nobody else keeps it. */
  | { readonly kind: 'connect'; readonly reply: Buffer; readonly target: Target; readonly early: Buffer }
  /** After the error's last words the connection is to be closed. */
  | { readonly kind: 'refused'; readonly error: SocksError };

type State = 'greeting' | 'user' | 'password' | 'request' | 'name' | 'ipv4' | 'ipv6' | 'done';

const NO_AUTHENTICATION = 0;
const USER_PASSWORD = 2;
const NO_ACCEPTABLE_METHOD = 0xff;
const AUTH_VERSION = 1;
const CONNECT = 1;

/**
 * The server's half of RFC 1928 and RFC 1929, without a socket: bytes in, replies and at last a target out. Pieces may
 * be cut anywhere. It never holds more than a piece and one unfinished message, of at most 513 bytes.
 */
export class Socks5Parser {
  readonly #credentials: SocksCredentials | null;
  #state: State = 'greeting';
  #bytes: Buffer = Buffer.alloc(0);
  #user: Buffer = Buffer.alloc(0);
  #replies: Buffer[] = [];
  #outcome: SocksStep | null = null;

  /** @param credentials null: whoever can connect may use the proxy. */
  constructor(credentials: SocksCredentials | null) {
    this.#credentials = credentials;
  }

  /** Takes the next piece. After `connect` or `refused` there is nothing more to parse, and none is taken. */
  push(piece: Uint8Array): SocksStep {
    this.#bytes = Buffer.concat([this.#bytes, piece]);
    this.#replies = [];
    // Each turn consumes bytes or ends the handshake.
    while (this.#outcome === null && this.#step());
    return this.#outcome ?? { kind: 'more', reply: Buffer.concat(this.#replies) };
  }

  /** False when the state needs bytes that have not come. */
  #step(): boolean {
    switch (this.#state) {
      case 'greeting':
        return this.#onGreeting();
      case 'user':
        return this.#onUser();
      case 'password':
        return this.#onPassword();
      case 'request':
        return this.#onRequest();
      case 'name':
        return this.#onName();
      case 'ipv4':
        return this.#onAddress(4);
      case 'ipv6':
        return this.#onAddress(16);
      case 'done':
        return false;
    }
  }

  /** Version, number of methods, methods. */
  #onGreeting(): boolean {
    const version = this.#bytes[0];
    if (version !== undefined && version !== SOCKS_VERSION) {
      const refusal = Buffer.of(SOCKS_VERSION, NO_ACCEPTABLE_METHOD);
      return this.#refuse(refusal, 'SOCKS_VERSION_UNSUPPORTED', `version 5, got ${version}${guess(version)}`);
    }
    const methods = this.#takeCounted(1);
    if (methods === null) return false;
    const wanted = this.#credentials === null ? NO_AUTHENTICATION : USER_PASSWORD;
    if (!methods.includes(wanted)) {
      const refusal = Buffer.of(SOCKS_VERSION, NO_ACCEPTABLE_METHOD);
      const got = methods.length === 0 ? 'none' : [...methods].join(', ');
      return this.#refuse(refusal, 'SOCKS_METHOD_UNSUPPORTED', `method ${wanted} among those offered, got ${got}`);
    }
    this.#replies.push(Buffer.of(SOCKS_VERSION, wanted));
    return this.#become(wanted === USER_PASSWORD ? 'user' : 'request');
  }

  /** RFC 1929: version, length, user name. */
  #onUser(): boolean {
    const version = this.#bytes[0];
    if (version !== undefined && version !== AUTH_VERSION) {
      return this.#refuseUser(`version 1 of the authentication, got ${version}`);
    }
    const user = this.#takeCounted(1);
    if (user === null) return false;
    this.#user = user;
    return this.#become('password');
  }

  /** RFC 1929: length, password. */
  #onPassword(): boolean {
    const password = this.#takeCounted(0);
    if (password === null) return false;
    const { user, password: expected } = this.#credentials ?? { user: '', password: '' };
    // Both are compared, whatever the first comparison says: a wrong name must not answer sooner.
    const same = [sameSecret(this.#user, user), sameSecret(password, expected)];
    if (same.includes(false)) return this.#refuseUser('the right user name and password, got others');
    this.#replies.push(Buffer.of(AUTH_VERSION, 0));
    return this.#become('request');
  }

  /** Version, command, reserved, address type. The reserved byte is not looked at: some clients do not clear it. */
  #onRequest(): boolean {
    const [version, command, , type] = this.#bytes;
    if (version !== undefined && version !== SOCKS_VERSION) {
      const refusal = encodeReply(SocksReply.GENERAL_FAILURE);
      return this.#refuse(refusal, 'SOCKS_VERSION_UNSUPPORTED', `a request of version 5, got ${version}`);
    }
    if (command === undefined || type === undefined) return false;
    if (command !== CONNECT) {
      const refusal = encodeReply(SocksReply.COMMAND_NOT_SUPPORTED);
      return this.#refuse(refusal, 'SOCKS_COMMAND_UNSUPPORTED', `CONNECT (1), got ${nameOfCommand(command)}`);
    }
    this.#take(4);
    switch (type) {
      case 1:
        return this.#become('ipv4');
      case 3:
        return this.#become('name');
      case 4:
        return this.#become('ipv6');
      default: {
        const refusal = encodeReply(SocksReply.ADDRESS_TYPE_NOT_SUPPORTED);
        return this.#refuse(refusal, 'SOCKS_ADDRESS_TYPE_UNSUPPORTED', `address type 1, 3 or 4, got ${type}`);
      }
    }
  }

  /** Length, name, port. */
  #onName(): boolean {
    const length = this.#bytes[0];
    if (length === undefined || this.#bytes.length < 1 + length + 2) return false;
    const name = this.#take(1 + length).subarray(1);
    return this.#connect(name.toString('latin1'), this.#take(2).readUInt16BE(0));
  }

  /** Address, port. */
  #onAddress(length: 4 | 16): boolean {
    if (this.#bytes.length < length + 2) return false;
    const address = this.#take(length);
    const host = length === 4 ? address.join('.') : formatIpv6(address);
    return this.#connect(host, this.#take(2).readUInt16BE(0));
  }

  #connect(host: string, port: number): boolean {
    try {
      const target = checkTarget(host, port);
      this.#become('done');
      this.#outcome = { kind: 'connect', reply: Buffer.concat(this.#replies), target, early: this.#bytes };
      this.#bytes = Buffer.alloc(0);
      return true;
    } catch (cause) {
      if (!(cause instanceof TunnelError)) throw cause;
      return this.#refuse(
        encodeReply(SocksReply.GENERAL_FAILURE),
        'SOCKS_TARGET_INVALID',
        `a target that can be dialled; ${cause.message}`,
      );
    }
  }

  #refuseUser(expected: string): boolean {
    return this.#refuse(Buffer.of(AUTH_VERSION, 1), 'SOCKS_AUTH_FAILED', expected);
  }

  #refuse(refusal: Buffer, code: SocksErrorCode, expectedAndGot: string): boolean {
    // Whoever sent everything at once gets all the replies at once.
    const lastWords = Buffer.concat([...this.#replies, refusal]);
    const error = new SocksError(code, `SOCKS handshake refused: expected ${expectedAndGot}`, lastWords);
    this.#become('done');
    this.#outcome = { kind: 'refused', error };
    this.#bytes = Buffer.alloc(0);
    return true;
  }

  #become(state: State): boolean {
    this.#state = state;
    return true;
  }

  #take(length: number): Buffer {
    const taken = this.#bytes.subarray(0, length);
    this.#bytes = this.#bytes.subarray(length);
    return taken;
  }

  /** Skips `skipped` bytes, then takes as many as the next byte says; null if they have not all come. */
  #takeCounted(skipped: number): Buffer | null {
    const count = this.#bytes[skipped];
    const length = skipped + 1 + (count ?? 0);
    return count === undefined || this.#bytes.length < length ? null : this.#take(length).subarray(skipped + 1);
  }
}

function formatIpv6(address: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => address.readUInt16BE(index * 2).toString(16));
  return new SocketAddress({ address: groups.join(':'), family: 'ipv6' }).address;
}

function nameOfCommand(command: number): string {
  const names: Record<number, string> = { 2: 'BIND (2)', 3: 'UDP ASSOCIATE (3)' };
  return names[command] ?? String(command);
}

/** The most common mistakes start with a letter (an HTTP client) or with a 4. */
function guess(version: number): string {
  if (version === 4) return ' (SOCKS4)';
  const letter = String.fromCharCode(version);
  return /[A-Z]/.test(letter) ? ` (the letter ${letter}: perhaps an HTTP request)` : '';
}
