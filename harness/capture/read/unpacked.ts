import { Readable } from 'node:stream';
import { constants, createGunzip, createZstdDecompress } from 'node:zlib';
import { CaptureError } from '../capture-error.ts';

/** How a capture is packed, by its first bytes. */
export type Packing = 'gzip' | 'zstd';

export function packingOf(first: Uint8Array): Packing | null {
  const hex = Buffer.from(first.subarray(0, 4)).toString('hex');
  if (hex.startsWith('1f8b')) return 'gzip';
  return hex === '28b52ffd' ? 'zstd' : null;
}

/**
 * The bytes of a packed capture, piece by piece. One that was cut gives what it has: the reader behind says that it is cut.
 * Throws CAPTURE_MALFORMED for damage.
 */
export async function* unpacked(
  packing: Packing,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const inflate =
    packing === 'gzip'
      ? createGunzip({ finishFlush: constants.Z_SYNC_FLUSH })
      : createZstdDecompress({ finishFlush: constants.ZSTD_e_flush });
  const input = Readable.from(copied(source), { objectMode: true });
  const failures: Error[] = [];
  input.once('error', (error: Error) => {
    failures.push(error);
    inflate.destroy(error);
  });
  input.pipe(inflate);
  try {
    // Streams of bytes give buffers.
    yield* inflate as AsyncIterable<Buffer>;
  } catch (cause) {
    // What the source has thrown is not about how it is packed.
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CaptureError('CAPTURE_MALFORMED', `Damaged ${packing} data: ${why}`, {}, { cause });
  } finally {
    input.destroy();
  }
}

/** The source uses its memory again, and the stream does not ask before it takes the next piece. */
async function* copied(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const bytes of source) yield Buffer.from(bytes);
}
