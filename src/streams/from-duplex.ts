import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { PollStream } from '../poll/poll-stream.ts';
import { positiveInteger } from './check-option.ts';
import { DuplexReader } from './duplex-reader.ts';
import { DuplexWriter } from './duplex-writer.ts';
import { resetOrDestroy } from './reset-or-destroy.ts';
import { StreamError } from './stream-error.ts';

/** As much as the event loop tends to bring in one turn, so that a sender at full speed is seldom paused. */
const READ_HIGH_WATER_BYTES = 1024 * 1024;
/** As much as one system call passes on at a time. */
const WRITE_HIGH_WATER_BYTES = 256 * 1024;

export interface FromDuplexOptions {
  /**
   * The Duplex is paused when so many bytes have arrived and were not read; what it buffers itself (its own
   * `readableHighWaterMark`) and one chunk may come on top. Default: 1048576.
   */
  readonly readHighWaterBytes?: number;
  /**
   * pollWrite is Pending while so many bytes wait to be sent; a chunk that is given away is taken whole on top.
   * Raised to the Duplex's own `writableHighWaterMark` where that is more. Default: 262144.
   */
  readonly writeHighWaterBytes?: number;
}

/**
 * A `node:stream` Duplex (a `net.Socket`, a `tls.TLSSocket`, one end of a `duplexPair`) as a stream to be polled.
 * From now on the Duplex belongs to the stream: nobody else may read from it or write to it.
 *
 * - Nothing that has arrived before is lost, and nothing is read before the first pollRead or pollChunk.
 * - Sets `allowHalfOpen`, so that the end of one half leaves the other open. A Duplex whose 'end' was emitted before,
 *   without it, has already ended its writing half: pollWrite then throws WRITE_AFTER_SHUTDOWN.
 * - An 'error' is thrown by the next poll as DUPLEX_FAILED, a 'close' before the end as DUPLEX_CLOSED; what was
 *   taken in before is handed over first. A Duplex that is paused because nobody reads does not see its peer's reset.
 * - `abort` resets a TCP connection and destroys anything else with the reason. 'error' always has a listener.
 *
 * Throws DUPLEX_NOT_BYTES for a Duplex in object mode or with an encoding set, STREAM_OPTION_INVALID for a wrong mark.
 *
 * @example
 * await copyBidirectional(fromDuplex(inbound), fromDuplex(outbound));
 */
export function fromDuplex(duplex: Duplex, options: FromDuplexOptions = {}): PollStream {
  if (duplex.readableObjectMode || duplex.writableObjectMode || duplex.readableEncoding !== null) {
    const what = duplex.readableEncoding === null ? 'objects' : `strings in ${duplex.readableEncoding}`;
    throw new StreamError('DUPLEX_NOT_BYTES', `Wrong Duplex: expected one that carries bytes, got one with ${what}`);
  }
  const reader = new DuplexReader(
    duplex,
    positiveInteger('readHighWaterBytes', options.readHighWaterBytes ?? READ_HIGH_WATER_BYTES),
  );
  const writer = new DuplexWriter(
    duplex,
    positiveInteger('writeHighWaterBytes', options.writeHighWaterBytes ?? WRITE_HIGH_WATER_BYTES),
  );
  duplex.allowHalfOpen = true;

  function fail(failure: StreamError): void {
    reader.fail(failure);
    writer.fail(failure);
  }
  function closed(): void {
    if (!reader.hasEnded) reader.fail(closedEarly('the end of its reading half'));
    if (!writer.hasFinished) writer.fail(closedEarly('everything written to it was sent'));
  }
  duplex.on('error', (cause: Error) => {
    fail(failed(cause));
  });
  duplex.on('close', closed);
  duplex.once('connect', () => labelOf(duplex));
  if (duplex.errored !== null) fail(failed(duplex.errored));
  else if (duplex.destroyed) closed();

  return {
    get label() {
      return labelOf(duplex);
    },
    pollRead: (cx, bytes, start, end) => reader.pollRead(cx, bytes, start, end),
    pollChunk: (cx, slot) => reader.pollChunk(cx, slot),
    pollWrite: (cx, bytes, start, end, given) => writer.pollWrite(cx, bytes, start, end, given),
    pollFlush: () => writer.pollFlush(),
    pollShutdown: (cx) => writer.pollShutdown(cx),
    abort(reason) {
      const failure = new StreamError('STREAM_ABORTED', `Stream aborted: ${reason.message}`, {}, { cause: reason });
      reader.abort(failure);
      writer.fail(failure);
      resetOrDestroy(duplex, reason);
    },
  };
}

/** The address of its peer. Node still knows it after the end if it was asked before. */
function labelOf(duplex: Duplex): string | undefined {
  if (!(duplex instanceof Socket) || duplex.remoteAddress === undefined) return undefined;
  const { remoteAddress, remotePort } = duplex;
  return `${remoteAddress.includes(':') ? `[${remoteAddress}]` : remoteAddress}:${remotePort}`;
}

function failed(cause: Error): StreamError {
  return new StreamError('DUPLEX_FAILED', `Duplex failed: ${cause.message}`, {}, { cause });
}

function closedEarly(expected: string): StreamError {
  return new StreamError('DUPLEX_CLOSED', `Duplex closed too early: expected ${expected} first`);
}
