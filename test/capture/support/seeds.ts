import { readFileSync } from 'node:fs';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { ethernet, linuxSll, linuxSll2, loopback } from './links.ts';
import { fragments4, fragments6, ipv6 } from './fragments.ts';
import { pcapOf } from './packets.ts';
import { kuznetzovRecord, Magic, pcapHeader, pcapRecord } from './pcap.ts';
import { description, enhanced, obsolete, option, section, simple, statistics } from './pcapng.ts';
import { talks } from './talks.ts';
import { BIG, LITTLE, type Words } from './words.ts';

/** A whole capture, which mutations begin with. */
export interface Seed {
  readonly name: string;
  readonly bytes: Buffer;
  readonly kind: 'small' | 'packed' | 'real';
}

const FOLDER = 'fixtures/captures';
const REAL = ['ws-dumpcap.pcapng', 'ws-any-sll2.pcap', 'ws-ipv6.pcap', 'ws-snap96.pcap', 'ws-plain.X.txt'];

function pcapng(words: Words, packets: readonly Buffer[]): Buffer {
  const comment = option(words, 1, 'a comment');
  const nanoseconds = option(words, 9, Buffer.from([9]));
  return Buffer.concat([
    section(words, [comment]),
    description(words, 101, [option(words, 2, 'eth0'), nanoseconds, comment]),
    description(words, 1, [option(words, 9, Buffer.from([0x94])), option(words, 14, words.u64(5n))], 65_535),
    ...packets.map((bytes, index) => {
      const units = 1_700_000_000_000_000_000n + BigInt(index);
      if (index % 5 === 4) return simple(words, bytes);
      if (index % 5 === 3) return obsolete(words, { units, bytes });
      return index % 2 === 0
        ? enhanced(words, { units, bytes, options: [comment] })
        : enhanced(words, { interfaceIndex: 1, units, bytes: ethernet(bytes) });
    }),
    statistics(words, 0, [option(words, 4, words.u64(9n)), option(words, 5, words.u64(2n))]),
  ]);
}

/** As `tcpdump -X` prints it. */
export function textOf(packets: readonly Buffer[]): Buffer {
  const lines = packets.flatMap((bytes, index) => {
    const hex = [...(bytes.toString('hex').match(/.{1,32}/g) ?? [])];
    const rows = hex.map(
      (row, at) => `\t0x${(at * 16).toString(16).padStart(4, '0')}:  ${row.replaceAll(/.{4}/g, '$& ')} ...`,
    );
    return [`12:34:56.${String(index).padStart(6, '0')} IP a > b: Flags [P.]`, ...rows];
  });
  return Buffer.from(`${lines.join('\n')}\n`);
}

/** Every format, link layer and protocol, in small; and the real captures. */
export function seeds(): Seed[] {
  const all = talks();
  const [webSocket = [], socks5 = [], socks4a = [], tunnel = [], disorder = []] = all;
  const records = (words: Words, packets: readonly Buffer[]): Buffer[] =>
    packets.map((bytes, index) => pcapRecord(words, { seconds: 1_700_000_000, fraction: index, bytes }));
  const entries = [{ request: { url: 'ws://h/?host=t.cn&port=80' }, _webSocketMessages: HAR_MESSAGES }];
  const small = new Map<string, Buffer>([
    ...all.map((packets, index) => [`talk ${index}`, pcapOf(packets)] as const),
    ['pcap big ns', Buffer.concat([pcapHeader(BIG, Magic.NANOSECONDS, 101), ...records(BIG, socks5)])],
    [
      'vlan',
      pcapOf(
        webSocket.map((packet) => ethernet(packet, ['88a80001', '81000002'])),
        { linkType: 1 },
      ),
    ],
    ['sll', pcapOf(socks4a.map(linuxSll), { linkType: 113 })],
    ['sll2', pcapOf(socks5.map(linuxSll2), { linkType: 276 })],
    [
      'null',
      pcapOf(
        tunnel.map((packet) => loopback(packet, 2, true)),
        { linkType: 0 },
      ),
    ],
    ['snapped', pcapOf(webSocket, { snapBytes: 60 })],
    ['IPv4 fragments', pcapOf(webSocket.flatMap((packet) => fragments4(packet, 24)))],
    ['IPv6 fragments', pcapOf(tunnel.flatMap((packet) => fragments6(ipv6(packet), 32)))],
    ['IPv6', pcapOf(disorder.map((packet) => ipv6(packet, true)))],
    ['pcapng little', pcapng(LITTLE, webSocket)],
    ['pcapng sections', Buffer.concat([pcapng(LITTLE, socks5), pcapng(BIG, tunnel)])],
    ['text', textOf(webSocket)],
    ['har', Buffer.from(JSON.stringify({ log: { entries } }))],
  ]);
  const kuznetzov = [
    pcapHeader(LITTLE, Magic.KUZNETZOV, 101),
    ...webSocket.map((bytes) => kuznetzovRecord(LITTLE, { seconds: 1, fraction: 2, bytes })),
  ];
  small.set('kuznetzov', Buffer.concat(kuznetzov));
  const packed = ['talk 0', 'pcapng little', 'text'].flatMap((name) => {
    const bytes = small.get(name) ?? Buffer.alloc(0);
    return [
      { name: `${name} gzip`, bytes: gzipSync(bytes), kind: 'packed' as const },
      { name: `${name} zstd`, bytes: zstdCompressSync(bytes), kind: 'packed' as const },
    ];
  });
  const real = REAL.map((name) => ({ name, bytes: readFileSync(`${FOLDER}/${name}`), kind: 'real' as const }));
  return [...[...small].map(([name, bytes]) => ({ name, bytes, kind: 'small' as const })), ...packed, ...real];
}

const HAR_MESSAGES = [
  { type: 'send', time: 1_700_000_000.5, opcode: 2, data: 'AEdFVA==' },
  { type: 'receive', time: 1_700_000_001, opcode: 1, data: 'text' },
  { type: 'receive', time: 1_700_000_002, opcode: 8, data: '' },
];
