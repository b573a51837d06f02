import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { replay } from '../../harness/cli/replay.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { requires } from '../requires.ts';
import { FOREIGN_ENV, freePort, startRelay } from './support/foreign-relay.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-foreign-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A relay that leads from one port to another, or to where it is told. */
interface Foreign {
  readonly file: string;
  readonly via: string;
  readonly args: (port: number, farPort: number) => string[];
}

const FOREIGN: readonly Foreign[] = [
  {
    file: 'socat',
    via: 'plain',
    args: (port, far) => [`TCP-LISTEN:${port},bind=127.0.0.1,reuseaddr,fork`, `TCP:127.0.0.1:${far}`],
  },
  {
    file: 'haproxy',
    via: 'plain',
    args: (port, far) => {
      const config = join(folder, `haproxy-${port}.cfg`);
      const timeouts = 'timeout connect 5s\n  timeout client 30s\n  timeout server 30s';
      const relay = `listen relay\n  bind 127.0.0.1:${port}\n  server far 127.0.0.1:${far}\n`;
      writeFileSync(config, `defaults\n  mode tcp\n  ${timeouts}\n${relay}`);
      return ['-f', config, '-db'];
    },
  },
  { file: 'microsocks', via: 'socks5', args: (port) => ['-i', '127.0.0.1', '-p', String(port)] },
];

function isInstalled(file: string): boolean {
  return requires(file, () => execFileSync('sh', ['-c', 'command -v "$0"', file], { env: FOREIGN_ENV }));
}

describe.each(FOREIGN.filter(({ file }) => isInstalled(file)))('through $file', ({ file, via, args }) => {
  test.each([
    ['fixtures/captures/story/right-adapter.pcap', 'socks', 68, 110],
    ['fixtures/captures/story/right-adapter.pcap', 'tcp', 82, 122],
    ['fixtures/captures/ws-ipv6.pcap', 'websocket', 2856, 2856],
  ])('%s arrives as it was captured, at the level of %s', async (capture, level, up, down) => {
    const [port, farPort] = [await freePort(), await freePort()];
    const stop = await startRelay(file, args(port, farPort), port);
    try {
      const { io, out } = capturedIo();
      const through = ['--through', `127.0.0.1:${port}`, '--via', via, '--listen', `127.0.0.1:${farPort}`];
      expect(await replay.run([capture, '--level', level, ...through, '--json'], io)).toBe(0);
      expect(JSON.parse(out())).toMatchObject({
        verdict: 'same',
        outcome: 'completed',
        counts: null,
        aToB: { said: up, arrived: up, parts: null },
        bToA: { said: down, arrived: down, parts: null },
      });
    } finally {
      await stop();
    }
  });
});
