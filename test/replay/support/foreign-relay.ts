import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Debian has some of them where only an administrator looks. */
export const FOREIGN_ENV = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin` };

const LOOK_MS = 20;

/** Starts a program that listens on a port of the loopback, and resolves when it does; what comes back ends it. */
export async function startRelay(file: string, args: readonly string[], port: number): Promise<() => Promise<void>> {
  const child = spawn(file, args, { stdio: 'ignore', env: FOREIGN_ENV });
  const gone = once(child, 'exit');
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  while (child.exitCode === null) {
    if (listens(port)) return stop;
    await setTimeout(LOOK_MS);
  }
  throw new Error(`${file} ended with ${child.exitCode} before it listened on ${port}`);
}

/** Without a connection to it: the relay would make one of its own, to a far end that is not there yet, and perhaps later. */
function listens(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  return new RegExp(`: [0-9A-F]{8}:${hex} [0-9A-F]{8}:0000 0A `).test(readFileSync('/proc/net/tcp', 'latin1'));
}
