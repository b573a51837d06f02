import { captureBytes } from '../capture/read/capture-bytes.ts';
import type { Io } from '../io.ts';

/** The bytes of a capture: a file, or `-`, the standard input. */
export async function* captureSource(path: string, io: Io): AsyncGenerator<Uint8Array> {
  if (path !== '-') {
    yield* captureBytes(path, io.signal);
    return;
  }
  if (io.stdin === undefined) return;
  for await (const bytes of io.stdin) {
    if (io.signal.aborted) return;
    yield bytes;
  }
}
