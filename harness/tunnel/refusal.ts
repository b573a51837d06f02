import { SocksReply } from './socks5-reply.ts';
import { TunnelError, type TunnelErrorCode } from './tunnel-error.ts';

/** How a server says no: an HTTP status, and in these headers what the client tells its own client. */
export interface Refusal {
  readonly status: number;
  readonly reply: number;
}

/** Holds a SOCKS reply code, in decimal. */
export const REPLY_HEADER = 'relayscope-socks-reply';
/** Holds the code of the TunnelError. */
export const CODE_HEADER = 'relayscope-code';
/** In its place, to whoever shows the token and asks for nothing: probe-tunnel.ts. */
export const READY = 'ready';

/** What the server refuses for, and how. What is not here is the server's own failure. */
const REFUSALS: Partial<Record<TunnelErrorCode, Refusal>> = {
  TUNNEL_TARGET_INVALID: { status: 400, reply: SocksReply.GENERAL_FAILURE },
  TUNNEL_TOKEN_WRONG: { status: 401, reply: SocksReply.GENERAL_FAILURE },
  TUNNEL_TARGET_FORBIDDEN: { status: 403, reply: SocksReply.NOT_ALLOWED },
  TUNNEL_NAME_NOT_FOUND: { status: 502, reply: SocksReply.HOST_UNREACHABLE },
  TUNNEL_FULL: { status: 503, reply: SocksReply.GENERAL_FAILURE },
  TUNNEL_DIAL_TIMEOUT: { status: 504, reply: SocksReply.HOST_UNREACHABLE },
};

/** The reply for what the system says when a connection fails. */
const DIAL_REPLIES: Readonly<Record<string, number>> = {
  ECONNREFUSED: SocksReply.CONNECTION_REFUSED,
  ENETUNREACH: SocksReply.NETWORK_UNREACHABLE,
  EHOSTUNREACH: SocksReply.HOST_UNREACHABLE,
  ETIMEDOUT: SocksReply.HOST_UNREACHABLE,
};

/** What a client is told about an error of the server; an error that is none of ours says no more than that. */
export function refusalOf(error: unknown): Refusal {
  if (!(error instanceof TunnelError)) return { status: 500, reply: SocksReply.GENERAL_FAILURE };
  if (error.code === 'TUNNEL_DIAL_FAILED') {
    const { code } = error.cause as NodeJS.ErrnoException;
    return { status: 502, reply: DIAL_REPLIES[code ?? ''] ?? SocksReply.GENERAL_FAILURE };
  }
  return REFUSALS[error.code] ?? { status: 500, reply: SocksReply.GENERAL_FAILURE };
}

/** What a person is told about a reply; the server keeps the details to itself. */
const REPLY_TEXTS: Readonly<Record<number, string>> = {
  [SocksReply.NOT_ALLOWED]: 'the target is not allowed',
  [SocksReply.NETWORK_UNREACHABLE]: "the target's network is unreachable",
  [SocksReply.HOST_UNREACHABLE]: 'the target is unreachable, or its name unknown',
  [SocksReply.CONNECTION_REFUSED]: 'the target refused the connection',
};

/** A refusal as the client of the tunnel gets it: the server's code, and the reply for its own client. */
export class TunnelRefusal extends TunnelError {
  readonly status: number;
  readonly reply: number;

  constructor(code: TunnelErrorCode, status: number, reply: number) {
    super(code, `Tunnel server refused: ${REPLY_TEXTS[reply] ?? 'general failure'} (status ${status})`);
    this.status = status;
    this.reply = reply;
  }
}

/** Reads a refusal. The server may be none of ours: what is missing or makes no sense is a general failure. */
export function readRefusal(status: number, code: unknown, reply: unknown): TunnelRefusal {
  const known = typeof code === 'string' && (Object.hasOwn(REFUSALS, code) || code === 'TUNNEL_DIAL_FAILED');
  const isReply = typeof reply === 'string' && /^[1-8]$/.test(reply);
  return new TunnelRefusal(
    // Looked up just now.
    known ? (code as TunnelErrorCode) : 'TUNNEL_REFUSED',
    status,
    isReply ? Number(reply) : SocksReply.GENERAL_FAILURE,
  );
}
