import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { CaptureError } from '../capture-error.ts';
import { MAX_FREELY_UNPACKED_BYTES, MAX_UNPACKED_RATIO } from './capture-limits.ts';

/** How a capture is packed, by its first bytes. */
export type Packing = 'gzip' | 'zstd';

/** What is given to the unpacker at a time: a thousand times as much may come of it, and of zstd more than the limit. */
const PIECE_BYTES = 16 * 1024;
const CHUNK_BYTES = 64 * 1024;

export function packingOf(first: Uint8Array): Packing | null {
  const hex = Buffer.from(first.subarray(0, 4)).toString('hex');
  if (hex.startsWith('1f8b')) return 'gzip';
  return hex === '28b52ffd' ? 'zstd' : null;
}

/**
 * The bytes of a packed capture, piece by piece. One that was cut gives what it has: the reader behind says that it is cut.
 * Throws CAPTURE_MALFORMED for damage, after all but the last 64 KiB before it; CAPTURE_LIMIT for what was packed to burst.
 */
export async function* unpacked(
  packing: Packing,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const unpacker = new Unpacker(packing);
  try {
    for await (const bytes of source) {
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        yield* await unpacker.write(bytes.subarray(at, at + PIECE_BYTES));
        unpacker.check();
      }
    }
    yield* await unpacker.end();
    unpacker.check();
  } finally {
    unpacker.destroy();
  }
}

/**
 * Node's streams throw away what they hold when they fail. This one hands over all that came of a piece before the next is
 * taken, so that what comes before the damage can be read.
 */
class Unpacker {
  readonly #packing: Packing;
  readonly #inflate;
  #ready: Buffer[] = [];
  /** Of what was unpacked. */
  #bytes = 0;
  #failure: Error | null = null;
  /** Called when a piece has been taken, or when there is nothing more to wait for. */
  #wake: () => void = () => undefined;

  constructor(packing: Packing) {
    this.#packing = packing;
    this.#inflate =
      packing === 'gzip'
        ? createGunzip({ chunkSize: CHUNK_BYTES, finishFlush: constants.Z_SYNC_FLUSH })
        : createZstdDecompress({ chunkSize: CHUNK_BYTES, finishFlush: constants.ZSTD_e_flush });
    this.#inflate.on('data', (bytes: Buffer) => {
      this.#take(bytes);
    });
    this.#inflate.on('error', (error: Error) => {
      this.#failure ??= error;
    });
    this.#inflate.on('close', () => {
      this.#wake();
    });
  }

  /** What comes of a piece, whose memory is free then. */
  async write(piece: Uint8Array): Promise<Buffer[]> {
    return this.#until((taken) => this.#inflate.write(piece, taken));
  }

  async end(): Promise<Buffer[]> {
    // It closes itself once all has been handed over.
    return this.#until(() => this.#inflate.end());
  }

  /** Throws what has gone wrong so far. */
  check(): void {
    const failure = this.#failure;
    if (failure === null) return;
    if (failure instanceof CaptureError) throw failure;
    throw new CaptureError(
      'CAPTURE_MALFORMED',
      `Damaged ${this.#packing} data behind byte ${this.#bytes} of what is in it: ${failure.message}`,
      { fileOffset: this.#bytes },
      { cause: failure },
    );
  }

  destroy(): void {
    this.#inflate.destroy();
  }

  async #until(act: (done: () => void) => unknown): Promise<Buffer[]> {
    if (!this.#inflate.closed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        act(resolve);
      });
    }
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  #take(bytes: Buffer): void {
    this.#bytes += bytes.length;
    this.#ready.push(bytes);
    const packedBytes = this.#inflate.bytesWritten + PIECE_BYTES;
    if (this.#bytes <= MAX_FREELY_UNPACKED_BYTES || this.#bytes <= packedBytes * MAX_UNPACKED_RATIO) return;
    this.#failure = new CaptureError(
      'CAPTURE_LIMIT',
      `Too much in ${packedBytes} bytes of ${this.#packing}: expected at most ${MAX_UNPACKED_RATIO} times as much, got ${this.#bytes} bytes so far; unpack it first if it is what it should be`,
      { fileOffset: this.#bytes },
    );
    this.#inflate.destroy();
  }
}
