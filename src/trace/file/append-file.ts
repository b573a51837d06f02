import { close, closeSync, constants, ftruncateSync, openSync, writeSync } from 'node:fs';
import { TraceError } from './trace-error.ts';

const { O_APPEND, O_CREAT, O_EXCL, O_TRUNC, O_WRONLY } = constants;
/** All of them write at the end, wherever that is after something has been taken back. */
const FLAGS = {
  anew: O_WRONLY | O_CREAT | O_APPEND | O_TRUNC,
  new: O_WRONLY | O_CREAT | O_APPEND | O_EXCL,
  after: O_WRONLY | O_APPEND,
} as const;

/** A file that only grows: a write that fails leaves nothing of itself. Every method throws TRACE_UNWRITABLE. */
export class AppendFile {
  readonly path: string;
  #file: number;
  #bytes: number;

  /** `begin`: empty in place of what is there; empty, and only if nothing is; or after the `bytes` that are there. */
  constructor(path: string, begin: 'anew' | 'new' | 'after', bytes = 0) {
    this.path = path;
    this.#bytes = bytes;
    this.#file = attempt(path, () => openSync(path, FLAGS[begin]));
  }

  get bytes(): number {
    return this.#bytes;
  }

  append(bytes: Uint8Array): void {
    attempt(this.path, () => {
      try {
        for (let at = 0; at < bytes.length;) at += writeSync(this.#file, bytes, at, bytes.length - at);
      } catch (error) {
        this.#takeBack();
        throw error;
      }
      this.#bytes += bytes.length;
    });
  }

  /** A full disk takes a part: what comes after it must begin where a chunk may. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#file, this.#bytes);
    } catch {
      // A device has no length, and what failed before says more.
    }
  }

  close(): void {
    const file = this.#take();
    if (file !== -1) closeSync(file);
  }

  /** For a file that has no name any more: the system may take 0.2 s to give back its room. */
  closeLater(): void {
    const file = this.#take();
    // At the latest its room is given back when the process ends.
    if (file !== -1) close(file, () => undefined);
  }

  #take(): number {
    const file = this.#file;
    this.#file = -1;
    return file;
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
