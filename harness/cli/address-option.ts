import { isIP } from 'node:net';
import { UsageError } from './usage-error.ts';

/** An option that is an address and a port: `127.0.0.1:1080`, `[::1]:1080`, `localhost:1080`. */
export function addressOption(
  name: string,
  text: string,
  example: string,
): { readonly host: string; readonly port: number } {
  const match = /^(?:\[([0-9a-f:.]+)\]|([^:[\]\s]+)):(\d{1,5})$/i.exec(text);
  const [host, port] = [match?.[1] ?? match?.[2], Number(match?.[3])];
  if (host === undefined || port > 65535 || (match?.[1] !== undefined && isIP(host) !== 6)) {
    throw new UsageError(`Wrong --${name}: expected HOST:PORT such as ${example}, got ${JSON.stringify(text)}`);
  }
  return { host, port };
}

/** Whether only programs on this machine reach it. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[(.*)\]$/, '$1');
  return bare === 'localhost' || bare === '::1' || (isIP(bare) === 4 && bare.startsWith('127.'));
}
