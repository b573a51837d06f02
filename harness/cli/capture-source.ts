import { open } from 'node:fs/promises';
import { printable } from '../../src/printable.ts';
import { FILE_MAGIC } from '../../src/trace/file/trace-format.ts';
import { CaptureError } from '../capture/capture-error.ts';
import { captureBytes } from '../capture/read/capture-bytes.ts';
import type { Io } from '../io.ts';

/** Enough to tell a trace from a capture. */
const SNIFFED_BYTES = 64;

/** Whether a file is one of our traces, or NDJSON. Anything else is for the reader of captures to refuse, as is the standard input. */
export async function isTraceFile(path: string): Promise<boolean> {
  if (path === '-') return false;
  const first = Buffer.alloc(SNIFFED_BYTES);
  const handle = await open(path, 'r').catch((cause: unknown) => {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CaptureError('CAPTURE_UNREADABLE', `Cannot read ${printable(path)}: ${why}`, {}, { cause });
  });
  try {
    await handle.read(first).catch(() => undefined);
  } finally {
    await handle.close();
  }
  if (first.subarray(0, FILE_MAGIC.length).equals(FILE_MAGIC)) return true;
  // So does a HAR begin, but for what its first key is.
  return first[0] === 0x7b && !/^\{\s*"log"/.test(first.toString('latin1'));
}

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
