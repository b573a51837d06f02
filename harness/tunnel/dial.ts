import { lookup } from 'node:dns/promises';
import { connect, isIP, type Socket } from 'node:net';
import type { Clock } from '../../src/poll/clock.ts';
import type { AllowList } from './allow-list.ts';
import { formatTarget, type Target } from './target.ts';
import { TunnelError } from './tunnel-error.ts';
import { KEEP_ALIVE_MS, MAX_ADDRESSES } from './tunnel-limits.ts';

/** The addresses of a name, best first. Rejects, or resolves to none, if it has none. */
export type ResolveName = (name: string) => Promise<readonly string[]>;

export interface DialOptions {
  readonly allow: AllowList;
  readonly resolve: ResolveName;
  readonly clock: Clock;
  /** For the name and the connection together. */
  readonly timeoutMs: number;
  /** Gives up. */
  readonly signal: AbortSignal;
}

/** As the system resolves: hosts file and DNS. */
export const systemResolve: ResolveName = async (name) => {
  const found = await lookup(name, { all: true });
  return found.map(({ address }) => address);
};

/**
 * Connects to a target. Its name is resolved once; the addresses that came are what is checked and what is dialled, so
 * that a name which answers differently the second time gains nothing.
 *
 * Throws TUNNEL_NAME_NOT_FOUND, TUNNEL_TARGET_FORBIDDEN, TUNNEL_DIAL_FAILED, TUNNEL_DIAL_TIMEOUT, TUNNEL_CANCELLED.
 */
export function dial(target: Target, options: DialOptions): Promise<Socket> {
  const { clock, timeoutMs, signal } = options;
  const where = formatTarget(target);
  return new Promise((resolve, reject) => {
    let socket: Socket | null = null;
    let over = false;

    function end(error: TunnelError | null): void {
      if (over) return;
      over = true;
      cancelTimeout();
      signal.removeEventListener('abort', onAbort);
      if (error === null && socket !== null) {
        socket.off('connect', onConnect);
        // `onError` stays, which does nothing any more: a reset that comes before the next owner listens is nobody's.
        resolve(socket);
        return;
      }
      // Its error, if it still has one, is nobody's: `onError` stays.
      socket?.destroy();
      reject(error ?? new TunnelError('TUNNEL_CANCELLED', `Gave up dialling ${where}`));
    }
    const onConnect = (): void => {
      end(null);
    };
    const onError = (cause: Error): void => {
      end(new TunnelError('TUNNEL_DIAL_FAILED', `Failed to connect to ${where}: ${messageOf(cause)}`, { cause }));
    };
    const onAbort = (): void => {
      end(new TunnelError('TUNNEL_CANCELLED', `Gave up dialling ${where}`));
    };
    const cancelTimeout = clock.after(timeoutMs, () => {
      end(new TunnelError('TUNNEL_DIAL_TIMEOUT', `No answer from ${where}: expected one within ${timeoutMs} ms`));
    });

    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    allowedAddresses(target, options).then((addresses) => {
      if (over) return;
      socket = connectTo(target, addresses);
      socket.on('connect', onConnect);
      socket.on('error', onError);
    }, end);
  });
}

async function allowedAddresses(target: Target, { allow, resolve }: DialOptions): Promise<readonly string[]> {
  const { host, port } = target;
  const found = isIP(host) === 0 ? await resolveName(host, resolve) : [host];
  const allowed = found.filter((address) => isIP(address) !== 0 && allow.allows(host, address, port));
  if (allowed.length > 0) return allowed;
  const what = isIP(host) === 0 ? `${formatTarget(target)} (${found.join(', ')})` : formatTarget(target);
  throw new TunnelError('TUNNEL_TARGET_FORBIDDEN', `Destination is not allowed: ${what}`);
}

async function resolveName(name: string, resolve: ResolveName): Promise<readonly string[]> {
  let found: readonly string[] = [];
  let cause: unknown;
  try {
    found = await resolve(name);
  } catch (error) {
    cause = error;
  }
  if (found.length > 0) return found.slice(0, MAX_ADDRESSES);
  throw new TunnelError('TUNNEL_NAME_NOT_FOUND', `Name has no address: ${name}`, { cause });
}

/** One address, or several, one after another, as Node does it; it asks `lookup` for them and gets no others. */
function connectTo({ host, port }: Target, addresses: readonly string[]): Socket {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return connect({
    host,
    port,
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
    autoSelectFamily: found.length > 1,
    lookup(_name, { all }, callback) {
      const [first] = found;
      // Never empty: `allowedAddresses` has thrown.
      if (all === true || first === undefined) callback(null, found);
      else callback(null, first.address, first.family);
    },
  });
}

/** An attempt at several addresses fails with the reasons of all, and no message of its own. */
function messageOf(error: Error): string {
  const errors = error instanceof AggregateError ? (error.errors as Error[]) : [error];
  return errors.map((one) => one.message).join(', ');
}
