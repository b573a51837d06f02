import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type AddressInfo } from 'node:net';
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
    if (await accepts(port)) return stop;
    await setTimeout(LOOK_MS);
  }
  throw new Error(`${file} ended with ${child.exitCode} before it listened on ${port}`);
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
