import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { TcpFlag } from '../../harness/capture/tcp-segment.ts';
import { ipv4, opening, pcapOf } from '../capture/support/packets.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-doctor-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const CAPTURES = 'fixtures/captures';
const { FIN, RST } = TcpFlag;

type Options = NonNullable<Parameters<typeof capturedIo>[0]>;

async function doctor(args: string[], options: Options = {}): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo(options);
  const code = await runCli(['doctor', ...args], io);
  return { code, out: out(), err: err() };
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

interface Report {
  readonly findings: readonly { readonly code: string; readonly message: string; readonly count: number }[];
  readonly command: string | null;
}

async function examined(
  name: string,
  packets: readonly Buffer[],
  options?: Parameters<typeof pcapOf>[1],
): Promise<Report> {
  const { out } = await doctor([file(name, pcapOf(packets, options)), '--json']);
  // Our own output.
  return JSON.parse(out) as Report;
}

const hello = Buffer.from('hello');
/** A whole conversation of five bytes. */
const whole = [
  ...opening(),
  ipv4({ from: 'a', offset: 0, bytes: hello }),
  ipv4({ from: 'b', offset: 0, ack: 5, flags: FIN }),
  ipv4({ from: 'a', offset: 5, ack: 1, flags: FIN }),
];

test.each(['ws-dumpcap.pcapng', 'ws-any-sll2.pcap', 'ws-ipv6.pcap'])('nothing is wrong with %s', async (name) => {
  const path = `${CAPTURES}/${name}`;
  const { code, out, err } = await doctor([path]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/ packets, \d+ of them TCP, in 1 flow\n\nNothing is wrong with it\.\n$/);
  expect(JSON.parse((await doctor([path, '--json'])).out)).toMatchObject({ schema: 1, findings: [], command: null });
});

test('one direction only: which one is there, what is missing, what did it, and the command that gets it right', async () => {
  const { code, out } = await doctor([`${CAPTURES}/ws-plain.X.txt`]);
  expect(code).toBe(1);
  expect(out).toBe(`fixtures/captures/ws-plain.X.txt
capture     41 packets, 41 of them TCP, in 1 flow

one-direction
  The connection has only what the client sent: 3,080 bytes of the other direction were acknowledged
  and are not here. A filter such as "dst port 8080" does that; the port alone keeps both directions

To take it again:
  tcpdump -i lo --immediate-mode -U -B 32768 -s 0 -w again.pcap 'port 8080'
`);
});

test('the other direction only is what a filter of the source does', async () => {
  const back = [
    ipv4({ from: 'b', offset: -1, flags: TcpFlag.SYN }),
    ipv4({ from: 'b', offset: 0, ack: 70, bytes: hello }),
  ];
  const { findings } = await examined('src.pcap', back);
  expect(findings[0]).toMatchObject({ code: 'one-direction', count: 1 });
  expect(findings[0]?.message).toContain('only what the server sent: 70 bytes of the other direction');
  expect(findings[0]?.message).toContain('"src port 8080"');
});

test('the filter that a capture names is named', async () => {
  const bytes = Buffer.from(readFileSync(`${CAPTURES}/ws-dumpcap.pcapng`));
  const at = bytes.indexOf('tcp port 8080');
  bytes.write('dst port 8080', at);
  // The answers go: every packet from port 8080 becomes one of another protocol.
  for (let block = 0; block < bytes.length; block += bytes.readUInt32LE(block + 4)) {
    if (bytes.readUInt32LE(block) === 6 && bytes.readUInt16BE(block + 28 + 34) === 8080) bytes[block + 28 + 23] = 17;
  }
  const { out } = await doctor([file('dst.pcapng', bytes)]);
  expect(out).toContain('The filter was "dst port 8080"');
  expect(out).toContain("tcpdump -i lo --immediate-mode -U -B 32768 -s 0 -w again.pcap 'port 8080'\n");
});

test('a snap length: how many packets it has cut, and how much is missing', async () => {
  const { code, out } = await doctor([`${CAPTURES}/ws-snap96.pcap`, '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    findings: [{ code: 'snap-length', count: 15 }],
    command: "tcpdump -i lo --immediate-mode -U -B 32768 -s 0 -w again.pcap 'port 8080'",
  });
  expect(out).toContain('15 of 88 packets were cut at 96 bytes: 5,258 bytes are missing');
});

test('a whole conversation has nothing wrong, refused and unanswered ones neither', async () => {
  expect(await examined('whole.pcap', whole)).toMatchObject({ findings: [], command: null });
  const [syn = Buffer.alloc(0)] = opening();
  expect(await examined('refused.pcap', [syn, ipv4({ from: 'b', offset: 0, flags: RST })])).toMatchObject({
    findings: [],
  });
});

test('a connection that was asked for and never answered is neither open nor half of one', async () => {
  const [syn = Buffer.alloc(0)] = opening();
  expect(await examined('unanswered.pcap', [syn, ipv4({ from: 'a', offset: -1, flags: TcpFlag.SYN })])).toMatchObject({
    findings: [],
  });
});

test('what nobody has acknowledged may have been lost on the way', async () => {
  const { findings } = await examined('lost.pcap', [
    ...opening(),
    ipv4({ from: 'a', offset: 1000, bytes: hello }),
    ipv4({ from: 'a', offset: 1005, flags: RST }),
  ]);
  expect(findings).toEqual([]);
});

test('bytes that were acknowledged and are not there were lost by the capture', async () => {
  const { findings } = await examined('dropped.pcap', [
    ...opening(),
    ipv4({ from: 'a', offset: 0, bytes: hello }),
    ipv4({ from: 'a', offset: 1000, bytes: hello }),
    ipv4({ from: 'b', offset: 0, ack: 1005, flags: FIN }),
    ipv4({ from: 'a', offset: 1005, ack: 1, flags: FIN }),
  ]);
  expect(findings).toMatchObject([{ code: 'dropped', count: 1 }]);
  expect(findings[0]?.message).toContain('995 bytes in 1 gap were acknowledged');
});

test('the packets that the capturing program says it lost are told', async () => {
  const bytes = readFileSync(`${CAPTURES}/ws-dumpcap.pcapng`);
  // An interface statistics block: isb_ifdrop is 7.
  const block = Buffer.alloc(4 * 10);
  block.writeUInt32LE(5, 0);
  block.writeUInt32LE(block.length, 4);
  block.writeUInt16LE(5, 20);
  block.writeUInt16LE(8, 22);
  block.writeUInt32LE(7, 24);
  block.writeUInt32LE(block.length, 36);
  const { code, out } = await doctor([file('lossy.pcapng', Buffer.concat([bytes, block])), '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ findings: [{ code: 'dropped', count: 7 }] });
  expect(out).toContain('Packets on loopback have up to 64 KiB');
});

test('a connection that began before the capture, and one that does not end', async () => {
  const late = await examined('late.pcap', whole.slice(3));
  expect(late.findings).toMatchObject([{ code: 'started-late', count: 1 }]);
  const open = await examined('open.pcap', [
    ...whole.slice(0, 4),
    ...Array.from({ length: 2500 }, () => ipv4({ from: 'b', offset: 0, ack: 0 })),
  ]);
  expect(open.findings).toMatchObject([{ code: 'stopped-early', count: 1 }]);
  expect(open.findings[0]?.message).toContain('still open when the capture ends, with 5 bytes not acknowledged.');
  expect(open.findings[0]?.message).toContain('silent for 2.5 s by then: that may be the hang itself');
});

test('a file that ends in the middle of a packet was stopped too early', async () => {
  const bytes = pcapOf(whole);
  const path = file('cut.pcap', bytes.subarray(0, bytes.length - 3));
  const { code, out, err } = await doctor([path]);
  expect({ code, err }).toEqual({ code: 1, err: '' });
  expect(out).toContain('stopped-early\n  The file ends in the middle of a packet');
});

test('packets captured twice, as with -i any', async () => {
  const { findings, command } = await examined(
    'twice.pcap',
    whole.flatMap((packet) => [packet, packet]),
  );
  // That of the last one comes when the connection is over.
  expect(findings).toMatchObject([{ code: 'duplicates', count: 5 }]);
  expect(command).toContain('-i IFACE ');
});

test('packets longer than Ethernet carries, and packets without a length', async () => {
  const long = Buffer.alloc(3000);
  const lengthless = ipv4({ from: 'a', offset: 0, bytes: long });
  lengthless.writeUInt16BE(0, 2);
  const { findings } = await examined('offload.pcap', [
    ...opening(),
    lengthless,
    ipv4({ from: 'b', offset: 0, ack: 3000, flags: FIN }),
    ipv4({ from: 'a', offset: 3000, ack: 1, flags: FIN }),
  ]);
  expect(findings).toMatchObject([{ code: 'offload', count: 2 }]);
  expect(findings[0]?.message).toContain(
    '1 of 6 packets have more than 1,514 bytes (the longest 3,040), and 1 packet has the length 0',
  );
});

test.each([
  ['Ethernet', 1, Buffer.from('0000000000000000000000000800', 'hex')],
  ['Linux cooked', 113, Buffer.from('00000304000600000000000000000800', 'hex')],
  ['Linux cooked 2', 276, Buffer.from('0800000000000001030400060000000000000000', 'hex')],
  ['BSD loopback', 0, Buffer.from('02000000', 'hex')],
])('on loopback, whatever the addresses, long packets are as they should be: %s', async (name, linkType, header) => {
  const packets = [
    ...opening(),
    ipv4({ from: 'a', offset: 0, bytes: Buffer.alloc(3000) }),
    ipv4({ from: 'b', offset: 0, ack: 3000, flags: FIN }),
    ipv4({ from: 'a', offset: 3000, ack: 1, flags: FIN }),
  ].map((packet) => Buffer.concat([header, packet]));
  expect(await examined(`${name}.pcap`, packets, { linkType })).toMatchObject({ findings: [] });
});

test('no TCP, and no packet at all', async () => {
  const [udp = Buffer.alloc(0)] = opening();
  udp[9] = 17;
  expect((await examined('udp.pcap', [udp])).findings).toMatchObject([{ code: 'nothing-to-follow', count: 1 }]);
  expect((await examined('nothing.pcap', [])).findings).toMatchObject([{ code: 'nothing-to-follow', count: 0 }]);
});

test('several ports make one filter, and the name of an interface no command', async () => {
  const other = whole.map((packet) => {
    const copy = Buffer.from(packet);
    for (const at of [20, 22]) if (copy.readUInt16BE(at) === 8080) copy.writeUInt16BE(443, at);
    return copy;
  });
  const { command } = await examined('ports.pcap', [...whole.slice(3), ...other]);
  expect(command).toContain(" 'port 443 or port 8080'");
  const bytes = Buffer.from(readFileSync(`${CAPTURES}/ws-dumpcap.pcapng`));
  const name = bytes.indexOf(Buffer.from('\u0002\0\u0002\0lo', 'latin1'));
  bytes.write(';x', name + 4);
  const hostile = await doctor([file('hostile.pcapng', bytes.subarray(0, 10_000)), '--json']);
  expect(hostile.out).toContain('tcpdump -i lo --immediate');
  expect(hostile.out).not.toContain(';x');
});

test('what cannot be read is one line and exit code 2, after what was found before it', async () => {
  const missing = await doctor([join(folder, 'missing.pcap')]);
  expect(missing.code).toBe(2);
  expect(missing.err).toMatch(/^relayscope: Cannot read .*missing\.pcap: ENOENT[^\n]*\[CAPTURE_UNREADABLE\]\n$/);
  const none = await doctor([file('none.txt', Buffer.from('hello\n'))]);
  expect(none).toMatchObject({ code: 2, out: '' });
  expect(none.err).toMatch(/none\.txt: No packet in \d lines? of text/);
  const damaged = await doctor([file('damaged.pcap', Buffer.concat([pcapOf(whole.slice(3)), Buffer.alloc(99, 0xff)]))]);
  expect(damaged.code).toBe(2);
  expect(damaged.out).toContain('started-late\n');
  expect(damaged.err).toMatch(
    /^relayscope: .*damaged\.pcap: Wrong packet length at byte \d+[^\n]*\[CAPTURE_MALFORMED\]\n$/,
  );
  expect(await doctor([])).toMatchObject({ code: 2, out: '' });
  expect(await doctor(['a', 'b'])).toMatchObject({ code: 2, out: '' });
});

test('the standard input is read, and let go when somebody asks for the end', async () => {
  const piped = await doctor(['-'], { stdin: [pcapOf(whole)] });
  expect(piped.out).toMatch(/^standard input\n/);
  expect(piped.code).toBe(0);
  const stopped = await doctor(['-'], { stdin: [pcapOf(whole)], signal: AbortSignal.abort() });
  expect(stopped).toEqual({ code: 0, out: '', err: '' });
});
