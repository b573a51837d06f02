import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { inputKind } from '../../harness/report/input-kind.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

test.each([
  ['pcap, little-endian', hex('d4c3b2a1020004000000000000000000')],
  ['pcap, big-endian', hex('a1b2c3d4000200040000000000000000')],
  ['pcap with nanoseconds', hex('4d3cb2a1020004000000000000000000')],
  ['pcap of a patched libpcap', hex('34cdb2a1020004000000000000000000')],
  ['pcapng', hex('0a0d0d0a1c0000004d3c2b1a01000000')],
  ['gzip', hex('1f8b0800000000000003')],
  ['zstd', hex('28b52ffd2458')],
  ['a HAR', Buffer.from('{\n  "log": {\n    "version": "1.2",')],
  ['tcpdump -X', readFileSync('fixtures/captures/ws-plain.X.txt')],
  [
    'a few packets out of an issue, with words before them',
    Buffer.from('See below.\n\n12:00:00.1 IP a > b:\n\t0x0000:  4500 0034 0000\n'),
  ],
  ['quoted', Buffer.from('> > 12:00:00.1 IP a > b:\n> > \t0x0000:  4500 0034 0000\n')],
  ['tshark -x', Buffer.from('0000  45 00 00 34 00 00 40 00   E..4..@.\n')],
  ['of a Windows shell', Buffer.from('\ufeff12:00:00.1 IP a > b:\r\n\t0x0000:  4500 0034 0000\r\n', 'utf16le')],
])('%s is a capture', (_, bytes) => {
  expect(inputKind(bytes).kind).toBe('capture');
});

test.each([
  ['ndjson', '{"schema":1,"kind":"about"}\n'],
  ['ndjson', '{"kind":"log","text":"{\\"log\\":"}\n'],
  ['text', 'a -> b #4 pos=69 cap=68 read_done=false\n'],
  ['text', 'buffer at 0x0000: pos=69 cap=68\n'],
  ['text', '0000: a -> b pos=1 cap=2\n'],
  ['stranger', ''],
])('what is no capture is told from one: %s %s', (kind, text) => {
  expect(inputKind(Buffer.from(text)).kind).toBe(kind);
});
