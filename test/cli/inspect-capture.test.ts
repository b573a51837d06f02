import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { TcpFlag } from '../../harness/capture/tcp-segment.ts';
import { STORY_ITEMS, traceBytes } from '../report/support/story.ts';
import { ipv4, opening, pcapOf } from '../capture/support/packets.ts';
import { capturedIo } from './captured-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-inspect-capture-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const CAPTURES = 'fixtures/captures';
const PCAPNG = `${CAPTURES}/ws-dumpcap.pcapng`;

type Options = NonNullable<Parameters<typeof capturedIo>[0]>;

async function inspect(args: string[], options: Options = {}): Promise<{ code: number; out: string; err: string }> {
  const { io, out, err } = capturedIo(options);
  const code = await runCli(['inspect', ...args], io);
  return { code, out: out(), err: err() };
}

function file(name: string, bytes: Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const trace = file('story.trace', traceBytes(STORY_ITEMS));

describe('the first screen', () => {
  test('says who spoke, what each side carried, how it ended, and who said what when', async () => {
    const { code, out, err } = await inspect([PCAPNG]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toBe(`fixtures/captures/ws-dumpcap.pcapng
capture     pcapng, Ethernet
interface   lo, filter "tcp port 8080"
packets     82 over 169 ms from 2026-11-23 03:15:59 UTC
flows       1

flow 1      127.0.0.1:40448 -> 127.0.0.1:8080  http, websocket
  a -> b    3,238 bytes, 34 frames, 28 messages of 2,856 bytes, Close 1000 "bye", FIN
  b -> a    3,080 bytes, 33 frames, 28 messages of 2,856 bytes, Close 1000 "bye", FIN

    0.000 s  a -> b  connects
    0.004 s  a -> b  GET / HTTP/1.1
    0.004 s  b -> a  HTTP/1.1 101 Switching Protocols
    0.008 s  a -> b  text, 5 bytes
    0.009 s  b -> a  text, 5 bytes
    0.009 s  a -> b  text, 23 bytes
    0.010 s  b -> a  text, 23 bytes
    0.010 s  a -> b  text, 0 bytes
    0.010 s  b -> a  text, 0 bytes
    0.011 s  a -> b  binary, 125 bytes
    0.011 s  b -> a  binary, 125 bytes
    0.011 s  a -> b  binary, 126 bytes
    0.011 s  b -> a  binary, 126 bytes
    0.012 s  a -> b  binary, 127 bytes
             … 15 more: --flow 1
    0.015 s  a -> b  text, 7 bytes
    0.015 s  b -> a  text, 7 bytes
    0.015 s  a -> b  16 × text, 122 bytes together
    0.016 s  b -> a  16 × text, 122 bytes together
    0.166 s  a -> b  ping, 4 bytes
    0.167 s  b -> a  pong, 4 bytes
    0.167 s  a -> b  Close 1000 bye
    0.168 s  b -> a  Close 1000 bye
    0.168 s  b -> a  FIN
    0.169 s  a -> b  FIN

next        relayscope inspect fixtures/captures/ws-dumpcap.pcapng --flow 1
            relayscope doctor fixtures/captures/ws-dumpcap.pcapng
`);
  });

  test('is the same of a packed file and of the standard input', async () => {
    const bytes = readFileSync(PCAPNG);
    const flow = (out: string): string => out.slice(out.indexOf('\nflow 1'), out.indexOf('\nnext'));
    const { out } = await inspect([PCAPNG]);
    expect(flow(out)).toContain('34 frames');
    expect(flow((await inspect([file('ws.pcapng.gz', gzipSync(bytes))])).out)).toBe(flow(out));
    expect(flow((await inspect([file('ws.pcapng.zst', zstdCompressSync(bytes))])).out)).toBe(flow(out));
    const piped = await inspect(['-'], {
      stdin: [bytes.subarray(0, 3), bytes.subarray(3, 5000), bytes.subarray(5000)],
    });
    expect(piped.out).toMatch(/^standard input\n/);
    expect(flow(piped.out)).toBe(flow(out));
  });

  test('reads what tcpdump -X has printed, of one direction', async () => {
    const { code, out } = await inspect([`${CAPTURES}/ws-plain.X.txt`]);
    expect(code).toBe(0);
    expect(out).toContain('a -> b    3,238 bytes, 34 frames, 28 messages of 2,856 bytes, Close 1000 "bye", FIN\n');
    expect(out).toContain('b -> a    3,080 bytes or one more, 3,080 bytes of them missing in 1 gap (uncaptured)');
  });

  test('reads the WebSockets of a HAR, which has no packets', async () => {
    const sent = { type: 'send', time: 1767323045.5, opcode: 1, data: 'hello' };
    const got = { ...sent, type: 'receive', time: 1767323047 };
    const entry = {
      startedDateTime: '2026-01-02T03:04:05.250Z',
      request: { url: 'wss://chat.example.com/room' },
      response: { status: 101 },
      _webSocketMessages: [sent, got],
    };
    const path = file('chat.har', Buffer.from(JSON.stringify({ log: { entries: [entry] } })));
    const { code, out } = await inspect([path, '--flow', '1', '--text']);
    expect(code).toBe(0);
    expect(out).toBe(`    0.000 s  a -> b  connects
    0.000 s  a -> b  GET /room HTTP/1.1
    0.000 s  b -> a  101
    0.000 s          silence for 250 ms
    0.250 s  a -> b  text, 5 bytes  "hello"
    0.250 s          silence for 1.5 s
    1.750 s  b -> a  text, 5 bytes  "hello"

flow 1      browser -> chat.example.com:443  websocket
  a -> b    1 frame, 1 message of 5 bytes, no end
  b -> a    1 frame, 1 message of 5 bytes, no end
`);
    const screen = await inspect([path]);
    expect(screen.out).toContain('capture     har\n');
    // It has nothing to say of what has no packets.
    expect(screen.out).not.toContain('doctor');
  });

  test.each([60, 80, 200])('fits a terminal of %i columns', async (columns) => {
    const { out } = await inspect([PCAPNG], { isTTY: true, columns });
    for (const line of stripVTControlCharacters(out).split('\n')) expect(line.length).toBeLessThanOrEqual(columns);
    expect(stripVTControlCharacters(out)).toContain('Close 1000');
  });

  test('tells silence, and that nobody ended it', async () => {
    const packets = [
      ...opening(),
      ipv4({ from: 'a', offset: 0, bytes: Buffer.from('hello') }),
      ...Array.from({ length: 1500 }, () => ipv4({ from: 'b', offset: 0, ack: 5 })),
    ];
    const { out } = await inspect([file('silence.pcap', pcapOf(packets))]);
    expect(out).toContain('flows       1, 1 of them open at the end, silent for up to 1.5 s\n');
    expect(out).toContain('    0.003 s  a -> b  5 bytes\n    0.003 s          silence for 1.5 s\n');
    expect(out).toContain('a -> b    5 bytes, no end\n');
  });
});

describe('one flow', () => {
  test('has its whole time line, and texts only when they are asked for', async () => {
    const { code, out } = await inspect([PCAPNG, '--flow', '1']);
    expect(code).toBe(0);
    const messages = out.split('\n').filter((line) => /(?:text|binary).*, \d/.test(line));
    // 28 messages in each direction, one by one.
    expect(messages).toHaveLength(56);
    expect(out).toContain('a -> b  binary in 3 fragments, 300 bytes\n');
    expect(out).not.toContain('burst');
    expect(out.trimEnd().endsWith('33 frames, 28 messages of 2,856 bytes, Close 1000 "bye", FIN')).toBe(true);
    const told = await inspect([PCAPNG, '--flow', '1', '--text']);
    expect(told.out).toContain('b -> a  text, 5 bytes  "hello"\n');
  });

  test('with a limit has the latest entries', async () => {
    const { out } = await inspect([PCAPNG, '--flow', '1', '--limit', '2']);
    expect(out).toMatch(/^ +0\.168 s {2}b -> a {2}FIN\n +0\.169 s {2}a -> b {2}FIN\n +… and \d+ before them/);
  });

  test('that is not there is an error that says how many there are', async () => {
    expect(await inspect([PCAPNG, '--flow', '2'])).toEqual({
      code: 2,
      out: '',
      err: `relayscope: No flow 2: ${PCAPNG} has 1 flow [CAPTURE_NO_FLOW]\n`,
    });
  });
});

interface Json {
  readonly schema: number;
  readonly flows: readonly Record<string, unknown>[];
}

describe('--json', () => {
  test('has the flows with their figures', async () => {
    const { code, out } = await inspect([`${CAPTURES}/ws-snap96.pcap`, '--json']);
    expect(code).toBe(0);
    // Our own output.
    const json = JSON.parse(out) as Json;
    expect(json).toMatchObject({
      schema: 1,
      flows: [
        {
          id: 1,
          client: '127.0.0.1:40284',
          server: '127.0.0.1:8080',
          protocols: ['websocket'],
          aToB: { bytes: 3238, frames: 34, messages: 28, end: 'fin', closeCode: 1000, gapCount: 8, gapBytes: 2639 },
          bToA: { bytes: 3080, frames: 33, messages: 28, end: 'fin', closeCode: 1000, gapCount: 7, gapBytes: 2619 },
        },
      ],
      file: `${CAPTURES}/ws-snap96.pcap`,
      format: 'pcap',
      packets: 88,
      error: null,
    });
    expect(json.flows[0]).toHaveProperty('aToB.gaps.0', { offset: 30, length: 123, reason: 'snapped' });
  });

  test('of one flow has its time line', async () => {
    const { out } = await inspect([PCAPNG, '--json', '--flow', '1', '--limit', '1']);
    expect(JSON.parse(out)).toMatchObject({
      flows: [
        { id: 1, timeline: [{ kind: 'end', direction: 'a -> b', what: 'fin', packet: 81 }], timelineLeftOut: 68 },
      ],
    });
  });
});

describe('what is wrong', () => {
  test('damage in the middle is an error after what came before it has been said', async () => {
    const bytes = Buffer.from(pcapOf([...opening(), ipv4({ from: 'a', offset: 0, bytes: Buffer.from('hello') })]));
    const path = file('damaged.pcap', Buffer.concat([bytes, Buffer.alloc(16, 0xff), Buffer.alloc(100)]));
    const { code, out, err } = await inspect([path]);
    expect(code).toBe(2);
    expect(out).toContain('a -> b    5 bytes, no end\n');
    expect(err).toBe(
      `relayscope: ${path}: Wrong packet length at byte ${bytes.length}: expected at most 16777216, got 4294967295 [CAPTURE_MALFORMED]\n`,
    );
    const json = await inspect([path, '--json']);
    expect(json.code).toBe(2);
    expect(JSON.parse(json.out)).toMatchObject({
      flows: [{ id: 1, aToB: { bytes: 5 } }],
      error: { code: 'CAPTURE_MALFORMED', fileOffset: bytes.length },
    });
  });

  test('a cut end is a warning', async () => {
    const path = file('cut.pcapng', readFileSync(PCAPNG).subarray(0, 10_000));
    const { code, out, err } = await inspect([path]);
    expect(code).toBe(0);
    expect(out).toContain('a -> b    2,986 bytes, 15 frames');
    expect(err).toMatch(
      /^relayscope: warning: .*cut\.pcapng: cut at byte \d+, in the middle of a packet: at least \d+ bytes are missing\n$/,
    );
  });

  test.each([
    ['--sql', [PCAPNG, '--sql', 'SELECT 1']],
    ['--kind', [PCAPNG, '--kind', 'read']],
    ['--around', [PCAPNG, '--around', '1']],
    ['--first-violation', [PCAPNG, '--first-violation']],
  ])('%s, which traces alone have, is refused', async (name, args) => {
    const { code, err } = await inspect(args);
    expect(code).toBe(2);
    expect(err).toContain(`relayscope: ${name} is for traces, and ${PCAPNG} is a capture`);
  });

  test.each(['--text', '--flow=1'])('%s, which captures alone have, is refused of a trace', async (option) => {
    const { code, err } = await inspect([trace, option]);
    expect(code).toBe(2);
    expect(err).toMatch(/^relayscope: --\w+ is for captures, and .*story\.trace is a trace/);
    const both = await inspect([PCAPNG, option, '--sql', 'SELECT 1']);
    expect(both.err).toContain('give one of them');
  });

  test('nothing in a capture acts on the terminal', async () => {
    const head = Buffer.from('GET /\u001b[31m\u0007 HTTP/1.1\r\nHost: x\r\n\r\n', 'latin1');
    const packets = [
      ...opening(),
      ipv4({ from: 'a', offset: 0, bytes: head }),
      ipv4({ from: 'a', offset: head.length, flags: TcpFlag.RST }),
    ];
    const path = file('escape.pcap', pcapOf(packets));
    for (const args of [[path], [path, '--flow', '1', '--text'], [path, '--json', '--flow', '1']]) {
      const { out } = await inspect(args);
      expect(out).toContain('HTTP');
      expect(/\p{Cc}/u.test(out.replaceAll('\n', ''))).toBe(false);
    }
  });

  test('whoever asks it to stop is not told anything', async () => {
    const { code, out, err } = await inspect([PCAPNG], { signal: AbortSignal.abort() });
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
  });
});
