import { Duplex } from 'node:stream';

const HEADER_BYTES = 12;
const WINDOW_BYTES = 256 * 1024;
const Type = { DATA: 0, WINDOW_UPDATE: 1 } as const;
const Flag = { SYN: 1, ACK: 2, FIN: 4, RST: 8 } as const;

type Done = (error?: Error | null) => void;

/** The accepting end of the first stream of a yamux session (github.com/hashicorp/yamux, spec.md), as far as one stream needs it. */
export function yamuxPeer(connection: Duplex): Duplex {
  return new YamuxPeer(connection);
}

class YamuxPeer extends Duplex {
  readonly #connection: Duplex;
  #received = Buffer.alloc(0);
  /** 0: the other end has not opened it yet. */
  #id = 0;
  #isAcknowledged = false;
  #hasEnded = false;
  #sendWindow = WINDOW_BYTES;
  /** Taken off the connection and not credited to the other end yet. */
  #uncredited = 0;
  #write: { chunk: Buffer; done: Done } | null = null;
  #final: Done | null = null;

  constructor(connection: Duplex) {
    super({ highWaterMark: 1 });
    this.#connection = connection;
    connection.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#parse();
    });
    connection.on('close', () => {
      if (!this.#hasEnded) this.destroy(new Error('Connection was lost'));
    });
  }

  override _read(): void {
    if (this.#uncredited < WINDOW_BYTES / 2) return;
    this.#send(Type.WINDOW_UPDATE, 0, this.#uncredited);
    this.#uncredited = 0;
  }

  override _write(chunk: Buffer, _encoding: string, done: Done): void {
    this.#write = { chunk, done };
    this.#writeOn();
  }

  override _final(done: Done): void {
    this.#final = done;
    this.#writeOn();
  }

  #parse(): void {
    while (this.#received.length >= HEADER_BYTES) {
      const header = this.#received;
      const length = header.readUInt32BE(8);
      const isData = header[1] === Type.DATA;
      const bytes = HEADER_BYTES + (isData ? length : 0);
      if (header.length < bytes) return;
      this.#received = header.subarray(bytes);
      this.#onFrame({
        isData,
        flags: header.readUInt16BE(2),
        id: header.readUInt32BE(4),
        length,
        payload: header.subarray(HEADER_BYTES, bytes),
      });
    }
  }

  #onFrame(frame: { isData: boolean; flags: number; id: number; length: number; payload: Buffer }): void {
    if (frame.flags & Flag.SYN) this.#id = frame.id;
    if (frame.isData && frame.length > 0) {
      this.#uncredited += frame.length;
      this.push(frame.payload);
    } else if (!frame.isData) this.#sendWindow += frame.length;
    if (frame.flags & Flag.FIN) {
      this.#hasEnded = true;
      this.push(null);
    }
    if (frame.flags & Flag.RST) this.destroy(new Error('Stream was reset'));
    this.#writeOn();
  }

  #writeOn(): void {
    if (this.#id === 0) return;
    const write = this.#write;
    if (write !== null && this.#sendWindow > 0) {
      const part = write.chunk.subarray(0, this.#sendWindow);
      const rest = write.chunk.subarray(part.length);
      this.#sendWindow -= part.length;
      this.#write = rest.length === 0 ? null : { chunk: rest, done: write.done };
      this.#send(Type.DATA, 0, part.length, part);
      if (rest.length === 0) write.done();
    }
    if (this.#final === null || this.#write !== null) return;
    const done = this.#final;
    this.#final = null;
    this.#send(Type.WINDOW_UPDATE, Flag.FIN, 0);
    done();
  }

  #send(type: number, flags: number, length: number, payload?: Buffer): void {
    const header = Buffer.alloc(HEADER_BYTES);
    header[1] = type;
    header.writeUInt16BE(flags | (this.#isAcknowledged ? 0 : Flag.ACK), 2);
    header.writeUInt32BE(this.#id, 4);
    header.writeUInt32BE(length, 8);
    this.#isAcknowledged = true;
    this.#connection.write(payload === undefined ? header : Buffer.concat([header, payload]));
  }
}
