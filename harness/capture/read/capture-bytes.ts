import { open } from 'node:fs/promises';
import { printable } from '../../../src/printable.ts';
import { CaptureError } from '../capture-error.ts';

/** Each read that is waited for costs some 20 µs: with 1 MiB that was a third of the time for packets of 60 KB. */
const CHUNK_BYTES = 4 * 1024 * 1024;

/** The bytes of a file, in pieces whose memory is used again: good until the next is asked for. Throws CAPTURE_UNREADABLE. */
export async function* captureBytes(path: string, signal?: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const name = printable(path);
  const failed = (cause: unknown): CaptureError => {
    const why = cause instanceof Error ? cause.message : String(cause);
    return new CaptureError('CAPTURE_UNREADABLE', `Cannot read ${name}: ${why}`, { file: name }, { cause });
  };
  const handle = await open(path, 'r').catch((cause: unknown) => {
    throw failed(cause);
  });
  /** The read that is under way. */
  let reading: Promise<number> | null = null;
  try {
    let [buffer, other] = [new Uint8Array(CHUNK_BYTES), new Uint8Array(CHUNK_BYTES)];
    const read = async (into: Uint8Array): Promise<number> => (await handle.read(into)).bytesRead;
    // The next piece comes while this one is looked at; but a pipe may never have one, and who is done would wait for it.
    const isAhead = await handle.stat().then(
      (stats) => stats.isFile(),
      () => false,
    );
    for (;;) {
      if (signal?.aborted === true) return;
      reading ??= read(buffer);
      const bytes = await reading.catch((cause: unknown) => {
        throw failed(cause);
      });
      reading = null;
      if (bytes === 0) return;
      const piece = buffer.subarray(0, bytes);
      [buffer, other] = [other, buffer];
      if (isAhead) {
        reading = read(buffer);
        // Whether it failed is asked when it is its turn.
        reading.catch(() => undefined);
      }
      yield piece;
    }
  } finally {
    await reading?.catch(() => undefined);
    await handle.close();
  }
}
