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

/** What came of a capture through a relay. */
async function through({ file, via, args }: Foreign, ...options: string[]): Promise<[exit: number, told: unknown]> {
  const [port, farPort] = [await freePort(), await freePort()];
  const stop = await startRelay(file, args(port, farPort), port);
  try {
    const { io, out } = capturedIo();
    const relay = ['--through', `127.0.0.1:${port}`, '--via', via, '--listen', `127.0.0.1:${farPort}`];
    const exit = await replay.run([...options, ...relay, '--json'], io);
    return [exit, JSON.parse(out())];
  } finally {
    await stop();
  }
}

const INSTALLED = FOREIGN.filter(({ file }) => isInstalled(file));

describe.each(INSTALLED)('through $file', (foreign) => {
  test.each([
    ['fixtures/captures/story/right-adapter.pcap', 'socks', 68, 110],
    ['fixtures/captures/story/right-adapter.pcap', 'tcp', 82, 122],
    ['fixtures/captures/ws-ipv6.pcap', 'websocket', 2856, 2856],
  ])('%s arrives as it was captured, at the level of %s', async (capture, level, up, down) => {
    const [exit, told] = await through(foreign, capture, '--level', level);
    expect(told).toMatchObject({
      verdict: 'same',
      outcome: 'completed',
      counts: null,
      aToB: { said: up, arrived: up, parts: null },
      bToA: { said: down, arrived: down, parts: null },
    });
    expect(exit).toBe(0);
  });
});

/**
 * The echo of the story ends its sending half, and then has its answer. microsocks 1.0.3 hangs up on both sides when one has ended: it
 * works for whoever keeps the connection open, and loses the answer of everybody else.
 */
describe.each(INSTALLED)('an answer that comes after the end of the question, through $file', (foreign) => {
  const isLost = foreign.file === 'microsocks';

  test('arrives, but through microsocks', async () => {
    const [exit, told] = await through(foreign, 'fixtures/captures/story/half-close.pcap');
    expect(told).toMatchObject({
      aToB: { said: 68, arrived: 68, parts: null },
      bToA: { said: 68, parts: isLost ? { kind: 'end', offset: 0, length: 68 } : null },
    });
    expect(exit).toBe(isLost ? 1 : 0);
  });
});
