import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { runCli } from '../../../harness/cli/run-cli.ts';
import { ipv4, opening, pcapOf, type Piece } from '../../capture/support/packets.ts';
import { capturedIo } from '../../cli/captured-io.ts';
import type { HandMadeTrace } from '../../export/pcapng/hand-made-trace.ts';

export const folder = mkdtempSync(join(tmpdir(), 'relayscope-join-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

export async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['join', ...args], io);
  return { code, out: out(), err: err() };
}

/** As far as the tests look into it. */
export interface Told {
  readonly verdict: string;
  readonly flows: Record<'a' | 'b', { readonly id: number; readonly by: string } | null>;
  readonly clock: { readonly isOneClock: boolean } | null;
  readonly directions: readonly { readonly stopsAt: string | null; readonly message: string }[];
  readonly timeline: readonly object[];
  readonly leftOut: number;
  readonly warnings: readonly string[];
}

/** Joins what was made by hand. */
export async function joined(
  trace: HandMadeTrace,
  packets: readonly Buffer[],
  ...args: string[]
): Promise<{ told: Told; code: number; err: string }> {
  const files = [join(folder, 'made.ndjson'), join(folder, 'made.pcap')] as const;
  writeFileSync(files[0], trace.text());
  writeFileSync(files[1], pcapOf(packets));
  const { code, out, err } = await run('--json', ...args, ...files);
  // Checked by the assertions on what is in it.
  return { told: (out === '' ? null : JSON.parse(out)) as Told, code, err };
}

export const read = (trace: HandMadeTrace, tickMs: number, direction: string, n: number | string): HandMadeTrace =>
  trace.event('read', tickMs, { direction, n, offered: 8192 });

/** A flow of the capture: a's bytes, and b's, each acknowledged unless it says otherwise. */
export function talk(...pieces: Piece[]): Buffer[] {
  return [...opening(), ...pieces.map((piece) => ipv4(piece))];
}

export const GRANTED = Buffer.from(
  'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n',
);
export const HELLO = Buffer.from('\x82\x05Hello', 'latin1');
export const NAMED = { connection: 1, a: 'a client', b: '198.51.100.7:8080', openedMs: 0 };
