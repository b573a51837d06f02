import type { PacketSink } from '../captured-packet.ts';
import { CaptureError } from '../capture-error.ts';
import type { ConversationSink } from '../conversation-event.ts';
import { HarReader } from './har-reader.ts';
import { PcapReader, pcapVariant } from './pcap-reader.ts';
import { PcapngReader, SECTION_HEADER } from './pcapng-reader.ts';
import { RecordFeeder } from './record-feeder.ts';
import { TextReader } from './text-reader.ts';
import { packingOf, unpacked, type Packing } from './unpacked.ts';

/** What a capture is written in. */
export type CaptureFormat = 'pcap' | 'pcapng' | 'text' | 'har';

export interface CaptureForm {
  readonly format: CaptureFormat;
  readonly packing: Packing | null;
}

/** What a capture is known by. */
const SNIFFED_BYTES = 12;
/** A file of another kind is refused after so many bytes without a line of tcpdump's. */
const MAX_TEXT_PREFIX_BYTES = 64;

interface Sinks {
  readonly packets: PacketSink;
  readonly conversations: ConversationSink | undefined;
}

interface Feeder {
  push(chunk: Uint8Array): void;
  end(): void;
}

/**
 * Reads a capture of any size in bounded memory: pcap, pcapng, either packed with gzip or zstd, or what `tcpdump -X` has
 * printed. The pieces of `source` are read before the next is asked for. Returns what it was.
 *
 * Throws CAPTURE_MALFORMED with the place, after `sink` has got all that comes before it.
 *
 * @param conversations Where a HAR goes, which has messages and no packets. Without it, a HAR is CAPTURE_MALFORMED.
 */
export async function readCapture(
  source: AsyncIterable<Uint8Array>,
  sink: PacketSink,
  conversations?: ConversationSink,
): Promise<CaptureForm> {
  return read(source, { packets: sink, conversations }, null);
}

async function read(source: AsyncIterable<Uint8Array>, sinks: Sinks, packing: Packing | null): Promise<CaptureForm> {
  const iterator = source[Symbol.asyncIterator]();
  try {
    const first = await firstBytes(iterator);
    const packed = packing === null ? packingOf(first) : null;
    const rest = withFirst(first, iterator);
    if (packed !== null) return await read(unpacked(packed, rest), sinks, packed);
    const format = formatOf(first, packing);
    const feeder = feederOf(format, sinks);
    for await (const chunk of rest) feeder.push(chunk);
    feeder.end();
    return { format, packing };
  } finally {
    await iterator.return?.();
  }
}

function formatOf(first: Uint8Array, packing: Packing | null): CaptureFormat {
  if (first.length === 0)
    throw malformed(
      packing === null ? 'an empty file' : `${packing} data that are cut before anything can be unpacked`,
    );
  if (first.length >= 4) {
    const magic = new DataView(first.buffer, first.byteOffset, first.byteLength).getUint32(0);
    if (magic === SECTION_HEADER) return 'pcapng';
    if (pcapVariant(magic) !== null) return 'pcap';
  }
  const text = first.subarray(0, MAX_TEXT_PREFIX_BYTES);
  // The first character of JSON's, behind a byte-order mark and white space.
  if (/^(?:\u00ef\u00bb\u00bf)?\s*\{/.test(Buffer.from(text).toString('latin1'))) return 'har';
  // UTF-16, as PowerShell writes what a program prints.
  if (text[0] === 0xff && text[1] === 0xfe) return 'text';
  if (text.every((byte) => byte >= 0x20 || (byte >= 0x09 && byte <= 0x0d))) return 'text';
  throw malformed(`bytes that begin ${Buffer.from(text).toString('hex').slice(0, 24)}`);
}

function feederOf(format: CaptureFormat, { packets, conversations }: Sinks): Feeder {
  switch (format) {
    case 'pcap':
      return new RecordFeeder(new PcapReader(packets));
    case 'pcapng':
      return new RecordFeeder(new PcapngReader(packets));
    case 'text':
      return new TextReader(packets);
    case 'har':
      if (conversations !== undefined) return new HarReader(conversations);
      throw malformed('JSON (a HAR has messages and no packets)');
  }
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array();
  while (first.length < SNIFFED_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    // A copy: the source uses its memory again.
    first = Buffer.concat([first, next.value]);
  }
  return first;
}

async function* withFirst(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (first.length > 0) yield first;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
}

function malformed(got: string): CaptureError {
  return new CaptureError(
    'CAPTURE_MALFORMED',
    `Not a capture: expected pcap, pcapng, either packed with gzip or zstd, or the output of tcpdump -X, got ${got}`,
    { fileOffset: 0 },
  );
}
