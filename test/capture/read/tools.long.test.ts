import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { requires } from '../../requires.ts';
import { readAll, type ReadPacket } from '../support/read.ts';
import { seeds } from '../support/seeds.ts';

/** What tcpdump and tshark say of the same captures. */

const FOLDER = 'fixtures/captures';
const CAPTURES = ['ws-any-sll2.pcap', 'ws-ipv6.pcap', 'ws-snap96.pcap', 'ws-dumpcap.pcapng'];
const folder = mkdtempSync(join(tmpdir(), 'relayscope-'));

afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(program: string, ...args: string[]): Buffer {
  return execFileSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 64 * 1024 * 1024 });
}

const timeOf = ({ seconds, nanoseconds }: ReadPacket): string => `${seconds}.${String(nanoseconds).padStart(9, '0')}`;

describe.runIf(requires('tcpdump', () => run('tcpdump', '--version')))('the text of tcpdump', () => {
  test.each(CAPTURES)('-XX -tt of %s has the same bytes and times', async (name) => {
    const { packets } = await readAll(readFileSync(`${FOLDER}/${name}`));
    const text = await readAll(run('tcpdump', '-r', `${FOLDER}/${name}`, '-XX', '-tt', '-n', '--nano'));
    expect(text.error).toBeNull();
    expect(text.packets.map((packet) => [timeOf(packet), packet.linkType, packet.hex])).toEqual(
      packets.map((packet) => [timeOf(packet), packet.linkType, packet.hex]),
    );
  });

  test.each([['-X'], ['-x', '-v'], ['-XX', '-e', '-tttt'], ['-X', '-ttt'], ['-xx', '-t', '-q']])(
    '%s has as many packets',
    async (...args) => {
      const text = await readAll(run('tcpdump', '-r', `${FOLDER}/ws-ipv6.pcap`, '-n', ...args));
      const { packets } = await readAll(readFileSync(`${FOLDER}/ws-ipv6.pcap`));
      expect(text.packets.map(({ hex }) => hex.slice(-80))).toEqual(packets.map(({ hex }) => hex.slice(-80)));
    },
  );
});

describe.runIf(requires('tshark', () => run('tshark', '--version')))('tshark', () => {
  const formats = seeds().filter(({ name }) => !/^(?:text|har|ws-plain)/.test(name));

  /** A mutant's beginnings, and the real ones: number, time and both lengths of every packet. */
  test.each(formats)('sees the same packets in $name', async ({ name, bytes }) => {
    const path = join(folder, `${name.replaceAll(' ', '-')}.capture`);
    writeFileSync(path, bytes);
    const fields = ['frame.number', 'frame.time_epoch', 'frame.cap_len', 'frame.len'].flatMap((field) => ['-e', field]);
    const seen = run('tshark', '-n', '-r', path, '-T', 'fields', ...fields)
      .toString()
      .trim();
    const { packets } = await readAll(bytes);
    const ours = packets.map(
      (packet) => `${packet.number}\t${timeOf(packet)}\t${packet.hex.length / 2}\t${packet.wireBytes}`,
    );
    // A simple packet has no time, of which tshark says nothing.
    expect(ours.join('\n').replaceAll('\t0.000000000\t', '\t\t')).toBe(seen);
  });

  test('-x is read as the capture is', async () => {
    const { packets } = await readAll(readFileSync(`${FOLDER}/ws-ipv6.pcap`));
    const text = await readAll(run('tshark', '-n', '-r', `${FOLDER}/ws-ipv6.pcap`, '-x', '-P'));
    expect(text.packets.map(({ hex }) => hex)).toEqual(packets.map(({ hex }) => hex));
  });
});
