/** The opcodes of RFC 6455, section 5.2. All others are reserved. */
export const Opcode = { CONTINUATION: 0, TEXT: 1, BINARY: 2, CLOSE: 8, PING: 9, PONG: 10 } as const;

/** RSV1, which permessage-deflate uses, as a bit of `FrameParts.rsv`. */
export const RSV1 = 4;

/** The longest payload that a control frame may have. */
export const MAX_CONTROL_BYTES = 125;

/** What a frame is made of. Nothing is checked: wrong frames are what it is for. */
export interface FrameParts {
  readonly fin: boolean;
  /** RSV1, RSV2, RSV3 as the bits 4, 2, 1. */
  readonly rsv: number;
  /** 0 … 15. */
  readonly opcode: number;
  /** The four bytes of the mask; null for a frame without one. */
  readonly mask: Buffer | null;
  /** Before it is masked. */
  readonly payload: Buffer;
  /** How the length is written. Default: the shortest that holds it. */
  readonly lengthBits?: 7 | 16 | 64;
  /** What is written as the length, whatever the payload has. Default: the payload's. */
  readonly declaredBytes?: bigint;
}

/** A frame as it stands on the wire. It is its bytes: what has not been changed goes on as it came, bit for bit. */
export class Frame {
  readonly wire: Buffer;
  readonly #headerBytes: number;

  /** @param headerBytes length of the header in `wire`, mask included. */
  constructor(wire: Buffer, headerBytes: number) {
    this.wire = wire;
    this.#headerBytes = headerBytes;
  }

  static of(parts: FrameParts): Frame {
    const header = encodeHeader(parts);
    const payload = parts.mask === null ? parts.payload : masked(parts.payload, parts.mask);
    return new Frame(Buffer.concat([header, payload]), header.byteLength);
  }

  get fin(): boolean {
    return (this.#byte(0) & 0x80) !== 0;
  }

  get rsv(): number {
    return (this.#byte(0) >> 4) & 7;
  }

  get opcode(): number {
    return this.#byte(0) & 0x0f;
  }

  get isControl(): boolean {
    return this.opcode >= Opcode.CLOSE;
  }

  /** Text, binary, or the continuation of either. */
  get isData(): boolean {
    return this.opcode <= Opcode.BINARY;
  }

  /** Whether it is the first frame of a message of data, or all of it. */
  get beginsMessage(): boolean {
    return this.opcode === Opcode.TEXT || this.opcode === Opcode.BINARY;
  }

  get mask(): Buffer | null {
    return (this.#byte(1) & 0x80) === 0 ? null : this.wire.subarray(this.#headerBytes - 4, this.#headerBytes);
  }

  /** Without the mask: a copy if there is one. */
  get payload(): Buffer {
    const bytes = this.wire.subarray(this.#headerBytes);
    return this.mask === null ? bytes : masked(bytes, this.mask);
  }

  get payloadBytes(): number {
    return this.wire.byteLength - this.#headerBytes;
  }

  /** The same frame but for these parts. Its length is written anew. */
  with(changes: Partial<FrameParts>): Frame {
    const { fin, rsv, opcode, mask, payload } = this;
    return Frame.of({ fin, rsv, opcode, mask, payload, ...changes });
  }

  // A frame has at least its two first bytes: the parser and `of` see to it.
  #byte(index: number): number {
    return this.wire[index] ?? 0;
  }
}

function encodeHeader(parts: FrameParts): Buffer {
  const { fin, rsv, opcode, mask, payload } = parts;
  const declared = parts.declaredBytes ?? BigInt(payload.byteLength);
  const bits = parts.lengthBits ?? (declared < 126n ? 7 : declared < 0x10000n ? 16 : 64);
  const first = Buffer.of((fin ? 0x80 : 0) | ((rsv & 7) << 4) | (opcode & 0x0f));
  return Buffer.concat([first, encodeLength(bits, declared, mask === null ? 0 : 0x80), mask ?? Buffer.alloc(0)]);
}

function encodeLength(bits: 7 | 16 | 64, declared: bigint, maskBit: number): Buffer {
  switch (bits) {
    case 7:
      return Buffer.of(maskBit | (Number(declared) & 0x7f));
    case 16: {
      const bytes = Buffer.of(maskBit | 126, 0, 0);
      bytes.writeUInt16BE(Number(BigInt.asUintN(16, declared)), 1);
      return bytes;
    }
    case 64: {
      const bytes = Buffer.alloc(9);
      bytes[0] = maskBit | 127;
      bytes.writeBigUInt64BE(BigInt.asUintN(64, declared), 1);
      return bytes;
    }
  }
}

function masked(bytes: Buffer, mask: Buffer): Buffer {
  const result = Buffer.allocUnsafe(bytes.byteLength);
  for (let index = 0; index < bytes.byteLength; index += 1) {
    result[index] = (bytes[index] ?? 0) ^ (mask[index & 3] ?? 0);
  }
  return result;
}
