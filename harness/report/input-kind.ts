import { hexLineOf, plainLine } from '../capture/read/text-line.ts';
import { FILE_MAGIC } from '../../src/trace/file/trace-format.ts';

/** What a file is, by its first bytes; `what` is said to whoever expected something else. */
export type InputKind =
  { readonly kind: 'trace' | 'ndjson' | 'text' } | { readonly kind: 'capture' | 'stranger'; readonly what: string };

/** What a file of bytes is known by. */
const MAGIC_BYTES = 16;
/** Text and JSON say later what they are. */
const TEXT_BYTES = 64 * 1024;

/** By the first bytes in hexadecimal. */
const CAPTURES: readonly (readonly [string, string])[] = [
  ['d4c3b2a1', 'a packet capture (pcap)'],
  ['a1b2c3d4', 'a packet capture (pcap)'],
  ['4d3cb2a1', 'a packet capture (pcap)'],
  ['a1b23c4d', 'a packet capture (pcap)'],
  ['34cdb2a1', 'a packet capture (pcap)'],
  ['a1b2cd34', 'a packet capture (pcap)'],
  ['0a0d0d0a', 'a packet capture (pcapng)'],
  // Of what is packed, captures alone are unpacked on the way.
  ['1f8b', 'a gzip file: unpack it first'],
  ['28b52ffd', 'a zstd file: unpack it first'],
];
const STRANGERS: readonly (readonly [string, string])[] = [
  ['fd377a58', 'an xz file: unpack it first'],
  ['504b0304', 'a zip file: unpack it first'],
  ['7f454c46', 'a program'],
  ['53514c69746520', 'an SQLite database'],
  ['89504e47', 'a picture'],
];

/** As much as the shortest header has: a line with less is no beginning of a packet. */
const LEAST_DIGITS = 8;
/** Prose under a heading, and a block. */
const DOCUMENT = /^# [^\n]*\n[^]*^```yaml$/m;
const HAR = /^\s*\{\s*"log"\s*:/;

/** How many bytes have to be seen to tell, by those that are there. */
export function neededBytes(first: Uint8Array): number {
  return first.length < MAGIC_BYTES || !isText(first.subarray(0, MAGIC_BYTES)) ? MAGIC_BYTES : TEXT_BYTES;
}

/** @param first As many bytes as `neededBytes` asks for, or all. */
export function inputKind(first: Uint8Array): InputKind {
  if (first.length === 0) return { kind: 'stranger', what: 'an empty file' };
  // A beginning of the magic is a trace that was cut: its reader says so.
  if (FILE_MAGIC.subarray(0, first.length).every((byte, index) => first[index] === byte)) return { kind: 'trace' };
  const hex = Buffer.from(first.subarray(0, MAGIC_BYTES)).toString('hex');
  const capture = CAPTURES.find(([magic]) => hex.startsWith(magic));
  if (capture !== undefined) return { kind: 'capture', what: capture[1] };
  const stranger = STRANGERS.find(([magic]) => hex.startsWith(magic));
  if (stranger !== undefined) return { kind: 'stranger', what: stranger[1] };
  const text = plainText(first.subarray(0, TEXT_BYTES));
  if (HAR.test(text)) return { kind: 'capture', what: 'an archive of a browser (HAR)' };
  if (/^(?:efbbbf)?(?:20|09|0a|0d)*7b/.test(hex)) return { kind: 'ndjson' };
  if (DOCUMENT.test(text)) return { kind: 'stranger', what: 'a scenario document: relayscope run FILE runs it' };
  if (text.split('\n').some(beginsPacket)) return { kind: 'capture', what: 'a packet capture (printed by tcpdump -X)' };
  return { kind: 'text' };
}

/** UTF-16, as of a Windows shell, is text too. */
function isText(bytes: Uint8Array): boolean {
  const isWide = bytes[0] === 0xff && bytes[1] === 0xfe;
  return bytes.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d) || (isWide && byte === 0));
}

function plainText(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  return text.startsWith('\u00ff\u00fe') ? text.slice(2).replaceAll('\0', '') : text;
}

/** Whether it is the first line of bytes that tcpdump, tshark or Wireshark prints of a packet. */
function beginsPacket(line: string): boolean {
  const hex = hexLineOf(plainLine(Buffer.from(line, 'latin1')));
  return hex?.offset === 0 && hex.digits.length >= LEAST_DIGITS;
}
