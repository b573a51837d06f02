import { Duplex } from 'node:stream';

type Done = (error?: Error | null) => void;

export interface Wrapping {
  readonly write?: (inner: Duplex, chunk: Buffer, done: Done) => void;
  readonly final?: (inner: Duplex, done: Done) => void;
  /** Changes the wrapper once it is there. */
  readonly spoil?: (wrapper: Duplex) => void;
}

/** A Duplex around another that passes everything on and keeps every law, but for what is said here. */
export function wrapped(inner: Duplex, wrapping: Wrapping = {}): Duplex {
  const wrapper = new Duplex({
    read: () => inner.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      if (wrapping.write === undefined) inner.write(chunk, done);
      else wrapping.write(inner, chunk, done);
    },
    final: (done) => {
      if (wrapping.final === undefined) inner.end(done);
      else wrapping.final(inner, done);
    },
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  inner.on('data', (chunk) => {
    if (!wrapper.push(chunk)) inner.pause();
  });
  inner.on('end', () => wrapper.push(null));
  inner.on('error', (error) => wrapper.destroy(error));
  wrapping.spoil?.(wrapper);
  return wrapper;
}
