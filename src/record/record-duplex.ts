import type { Duplex } from 'node:stream';
import { StreamError } from '../streams/stream-error.ts';
import { hookMethod } from './hook-method.ts';
import { payloadBytes, payloadLength } from './payload-bytes.ts';
import type { RecordedSide, RecordStreamOptions, StreamEnd } from './recorded-copy.ts';

/**
 * Records what others read from a Duplex and write to it: in a `pipe`, a `pipeline`, an async iteration, a loop of their own.
 *
 * It stands around the methods of this one object (`emit`, `write`, `end`, `uncork`, `destroy`) and passes everything on as it
 * came. It adds no listener, so a Duplex that nobody reads does not begin to flow, and an error that nobody hears is still
 * thrown. What happened before is not recorded.
 *
 * Throws DUPLEX_NOT_BYTES for a Duplex in object mode.
 *
 * @returns what ends the recording and takes the hooks out.
 */
export function recordDuplex(duplex: Duplex, { copy, side }: RecordStreamOptions): () => void {
  if (duplex.readableObjectMode || duplex.writableObjectMode) {
    throw new StreamError('DUPLEX_NOT_BYTES', 'Wrong Duplex: expected one that carries bytes, got one with objects');
  }
  const recorded = copy.join(side);
  if (recorded === null) return () => undefined;
  const { writes } = recorded;
  const left = { unread: 0, unsent: 0 };
  const events = new DuplexEvents(duplex, recorded, left);

  const unhook = [
    hookMethod(duplex, 'emit', (call, [name, value]) => {
      // Before whoever listens, so that what they do because of it comes after it.
      events.on(name, value);
      return call();
    }),
    hookMethod(duplex, 'write', (call, [chunk, encoding]) => {
      const isOver = duplex.writableEnded || duplex.destroyed;
      const isHeld = duplex.writableCorked > 0;
      if (!isOver) recorded.keep(() => payloadBytes(chunk, encoding));
      const hasRoom = call();
      const n = payloadLength(chunk, encoding);
      if (isOver) writes.refused(n);
      else writes.wrote(n, isHeld);
      if (!isOver && hasRoom === false) writes.filled(duplex.writableLength, duplex.writableHighWaterMark);
      return hasRoom;
    }),
    hookMethod(duplex, 'end', (call, [chunk, encoding]) => {
      if (!duplex.writableEnded && !duplex.destroyed) {
        recorded.keep(() => payloadBytes(chunk, encoding));
        writes.wrote(payloadLength(chunk, encoding), duplex.writableCorked > 0);
      }
      const result = call();
      if (duplex.writableEnded) writes.shutDown();
      return result;
    }),
    hookMethod(duplex, 'uncork', (call) => {
      const result = call();
      if (duplex.writableCorked === 0) writes.flushed();
      return result;
    }),
    hookMethod(duplex, 'destroy', (call) => {
      // Afterwards the Duplex has forgotten.
      if (!duplex.destroyed) {
        left.unread = duplex.readableLength;
        left.unsent = duplex.writableLength;
      }
      return call();
    }),
  ];
  return () => {
    for (const off of unhook) off();
  };
}

/** What the events of the Duplex mean for its two halves. */
class DuplexEvents {
  readonly #duplex: Duplex;
  readonly #recorded: RecordedSide;
  readonly #left: { readonly unread: number; readonly unsent: number };
  #failure: StreamEnd | null = null;

  constructor(duplex: Duplex, recorded: RecordedSide, left: { readonly unread: number; readonly unsent: number }) {
    this.#duplex = duplex;
    this.#recorded = recorded;
    this.#left = left;
  }

  on(name: unknown, value: unknown): void {
    const { reads, writes } = this.#recorded;
    switch (name) {
      case 'data':
        reads.read(payloadLength(value, this.#duplex.readableEncoding));
        break;
      case 'end':
        reads.readEnded();
        break;
      case 'drain':
        writes.drained();
        break;
      case 'finish':
        writes.shutDownDone();
        break;
      case 'error':
        this.#failed(value);
        break;
      case 'close':
        this.#closed();
        break;
    }
  }

  /** Of a half that has ended as it should, nothing more is recorded. */
  #failed(error: unknown): void {
    const { reads, writes } = this.#recorded;
    const message = error instanceof Error ? error.message : String(error);
    this.#failure ??= { code: 'DUPLEX_FAILED', message: `Duplex failed: ${message}` };
    const { unread, unsent } = this.#left;
    // The system says which half it was.
    const syscall = error instanceof Error && 'syscall' in error ? error.syscall : null;
    if (syscall === 'write' || syscall === 'shutdown') {
      reads.holds(unread);
      writes.writeFailed(unsent);
      reads.readDropped(unread);
    } else {
      reads.readFailed(unread);
      writes.writeFailed(unsent);
    }
  }

  #closed(): void {
    const { reads, writes } = this.#recorded;
    const { unread, unsent } = this.#left;
    if (!this.#duplex.readableEnded) {
      reads.readDropped(unread);
      this.#failure ??= closedEarly(`the end of its reading half, ${unread} bytes unread`);
    }
    if (!this.#duplex.writableFinished) {
      writes.writeDropped(unsent);
      if (unsent > 0) this.#failure ??= closedEarly(`everything written to it was sent, ${unsent} bytes unsent`);
    }
    this.#recorded.closed(this.#failure);
  }
}

function closedEarly(expected: string): StreamEnd {
  return { code: 'DUPLEX_CLOSED', message: `Duplex closed too early: expected ${expected}` };
}
