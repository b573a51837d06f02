import { Opcode } from '../../../faults/websocket/wire/frame.ts';

export const MAX_HEADER_BYTES = 14;

/** What is known of a frame by its header. */
export class FrameHeader {
  fin = false;
  /** RSV1, RSV2, RSV3 as the bits 4, 2, 1. */
  rsv = 0;
  opcode = 0;
  masked = false;
  /** The four bytes of the mask, as one number of 32 bits with a sign, first byte highest. */
  mask = 0;
  headerBytes = 0;
  payloadBytes = 0;

  /** Reads the header that begins at `at`. False: it is not whole. */
  read(bytes: Uint8Array, at: number, end: number): boolean {
    if (end - at < 2) return false;
    const first = bytes[at] ?? 0;
    const second = bytes[at + 1] ?? 0;
    const short = second & 0x7f;
    this.masked = second >= 0x80;
    this.headerBytes = 2 + (short === 126 ? 2 : short === 127 ? 8 : 0) + (this.masked ? 4 : 0);
    if (end - at < this.headerBytes) return false;
    this.fin = first >= 0x80;
    this.rsv = (first >> 4) & 7;
    this.opcode = first & 0x0f;
    this.payloadBytes = short < 126 ? short : short === 126 ? uint16(bytes, at + 2) : uint64(bytes, at + 2);
    this.mask = this.masked ? uint32(bytes, at + this.headerBytes - 4) | 0 : 0;
    return true;
  }

  get isControl(): boolean {
    return this.opcode >= Opcode.CLOSE;
  }

  /**
   * Whether a peer that keeps to RFC 6455 may have sent it, in a direction that is masked or not: what tells a frame from other
   * bytes.
   */
  isPlausible(isMaskedDirection: boolean): boolean {
    const { opcode, payloadBytes, headerBytes, rsv, masked } = this;
    if (masked !== isMaskedDirection || (rsv & 3) !== 0) return false;
    if (opcode > Opcode.BINARY && (opcode < Opcode.CLOSE || opcode > Opcode.PONG)) return false;
    if (this.isControl)
      return this.fin && rsv === 0 && payloadBytes <= 125 && (opcode !== Opcode.CLOSE || payloadBytes !== 1);
    // RSV1 stands on the first frame of a compressed message alone.
    if (rsv !== 0 && opcode === Opcode.CONTINUATION) return false;
    const lengthBytes = headerBytes - 2 - (masked ? 4 : 0);
    // The shortest way to write the length is the only one.
    if (lengthBytes === 2) return payloadBytes >= 126;
    return lengthBytes === 0 || (payloadBytes > 0xffff && payloadBytes <= 0x7fff_ffff);
  }
}

function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

function uint32(bytes: Uint8Array, at: number): number {
  return uint16(bytes, at) * 0x10000 + uint16(bytes, at + 2);
}

/** Beyond 2^53 it is inexact, and more than will ever come. */
function uint64(bytes: Uint8Array, at: number): number {
  return uint32(bytes, at) * 0x1_0000_0000 + uint32(bytes, at + 4);
}
