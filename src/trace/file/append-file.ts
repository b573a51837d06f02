import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { TraceError } from './trace-error.ts';

/** A file that only grows: a write that fails leaves nothing of itself. Every method throws TRACE_UNWRITABLE. */
export class AppendFile {
  readonly path: string;
  #file: number;
  #bytes: number;

  /** `flags`: of `open`. With `a` the file has `bytes` already, with the others it begins empty. */
  constructor(path: string, flags: 'w' | 'wx' | 'a', bytes = 0) {
    this.path = path;
    this.#bytes = bytes;
    this.#file = attempt(path, () => openSync(path, flags));
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(bytes: Uint8Array): void {
    attempt(this.path, () => {
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at);
      } catch (error) {
        // A full disk takes a part: what comes after it must begin where a chunk may.
        ftruncateSync(this.#file, this.#bytes);
        throw error;
      }
      this.#bytes += bytes.length;
    });
  }

  close(): void {
    const file = this.#file;
    this.#file = -1;
    if (file !== -1) closeSync(file);
  }
}

/** What fails on the way to a file, as TRACE_UNWRITABLE. */
export function attempt<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

export function unwritable(path: string, cause: unknown): TraceError {
  if (cause instanceof TraceError) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new TraceError('TRACE_UNWRITABLE', `Cannot write the trace ${path}: ${message}`, { path }, { cause });
}
