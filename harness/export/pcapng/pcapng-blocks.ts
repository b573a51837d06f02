/**
 * Blocks of pcapng (draft-ietf-opsawg-pcapng), in little-endian order. Each is whole: type, length, body, length again.
 */

/** RAW: each packet begins with its IPv4 or IPv6 header. */
export const RAW_LINK_TYPE = 101;
/** Tools refuse a packet of which more was captured. */
export const SNAP_BYTES = 262_144;
/**
 * Whose custom blocks ours are: the Private Enterprise Number that RFC 5612 reserves for documentation. Nobody's tool
 * takes them for its own; the data says what it is.
 */
export const DOCUMENTATION_PEN = 32_473;

const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
/** A custom block that may be copied into another file. */
const CUSTOM = 0x0bad;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const Option = { END: 0, COMMENT: 1, IF_NAME: 2, IF_TSRESOL: 9, USER_APPLICATION: 4 } as const;
const MICROSECONDS = 6;
/** An option's length has 16 bits. */
const MAX_OPTION_BYTES = 65_532;
const SPACE = 0x20;

type OptionEntry = readonly [code: number, value: Uint8Array];

/** Who wrote the file, and what a person should know of it. */
export function sectionHeader(application: string, comment: string): Uint8Array {
  const body = Buffer.alloc(16, 0xff);
  body.writeUInt32LE(BYTE_ORDER_MAGIC, 0);
  body.writeUInt16LE(1, 4);
  body.writeUInt16LE(0, 6);
  // The length of the section stays −1: unknown.
  return block(SECTION_HEADER, [
    body,
    options([
      [Option.COMMENT, text(comment)],
      [Option.USER_APPLICATION, text(application)],
    ]),
  ]);
}

/** The one interface: raw IP, in microseconds. */
export function interfaceDescription(name: string): Uint8Array {
  const body = Buffer.alloc(8);
  body.writeUInt16LE(RAW_LINK_TYPE, 0);
  body.writeUInt32LE(SNAP_BYTES, 4);
  return block(INTERFACE, [
    body,
    options([
      [Option.IF_NAME, text(name)],
      [Option.IF_TSRESOL, Uint8Array.of(MICROSECONDS)],
    ]),
  ]);
}

/**
 * @param micros since 1970.
 * @param wireBytes the packet's length; more than there is of it here if the rest is not known.
 */
export function enhancedPacket(micros: number, packet: Uint8Array, wireBytes: number, comment: string): Uint8Array {
  const body = Buffer.alloc(20);
  body.writeUInt32LE(Math.floor(micros / 0x1_0000_0000), 4);
  body.writeUInt32LE(micros % 0x1_0000_0000, 8);
  body.writeUInt32LE(packet.length, 12);
  body.writeUInt32LE(wireBytes, 16);
  const said = comment === '' ? new Uint8Array(0) : options([[Option.COMMENT, text(comment)]]);
  return block(ENHANCED_PACKET, [body, packet, padding(packet.length), said]);
}

/** An object as JSON, under the number for documentation; padded with spaces, which JSON allows. */
export function customBlock(value: object): Uint8Array {
  const json = Buffer.from(JSON.stringify(value));
  const body = Buffer.alloc(4 + json.length + (-json.length & 3), SPACE);
  body.writeUInt32LE(DOCUMENTATION_PEN, 0);
  body.set(json, 4);
  return block(CUSTOM, [body]);
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = 12 + parts.reduce((sum, part) => sum + part.length, 0);
  const head = Buffer.alloc(8);
  head.writeUInt32LE(type, 0);
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, ...parts, head.subarray(4)]);
}

function options(entries: readonly OptionEntry[]): Uint8Array {
  const parts = [...entries, [Option.END, new Uint8Array(0)] as const].flatMap(([code, value]) => {
    const head = Buffer.alloc(4);
    head.writeUInt16LE(code, 0);
    head.writeUInt16LE(value.length, 2);
    return [head, value, padding(value.length)];
  });
  return Buffer.concat(parts);
}

function padding(bytes: number): Uint8Array {
  return new Uint8Array(-bytes & 3);
}

/** Cut where a character ends: half of one is no UTF-8. */
function text(value: string): Uint8Array {
  const bytes = new Uint8Array(Math.min(MAX_OPTION_BYTES, 3 * value.length));
  return bytes.subarray(0, new TextEncoder().encodeInto(value, bytes).written);
}
