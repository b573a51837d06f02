import { WebSocket, type RawData } from 'ws';
import { invariant } from '../../src/errors.ts';
import type { Context } from '../../src/poll/context.ts';
import type { ChunkSlot, PollStream } from '../../src/poll/poll-stream.ts';
import { streamAborted, writeAfterShutdown } from '../../src/streams/stream-failures.ts';
import { READER_SLOT, WakeSlot, WRITER_SLOT } from '../../src/streams/wake-slot.ts';
import { Kind, SocketState } from '../../src/trace/event-kind.ts';
import { MessageQueue } from './message-queue.ts';
import { decodeMessage, encodeAbort, encodeData, encodeEnd, HEADER_BYTES } from './message.ts';
import { TunnelError } from './tunnel-error.ts';
import { DEFAULT_MAX_MESSAGE_BYTES, HIGH_WATER_BYTES, LOW_WATER_BYTES, MAX_WAITING_MESSAGES } from './tunnel-limits.ts';

export interface TunnelSocketOptions {
  /** The longest message to send, its byte of kind included. Default: 256 KiB. What may come is `ws`'s `maxPayload`. */
  readonly maxMessageBytes?: number;
}

/** An adapter: the right one, `fromTunnelSocket`, or the story's, `offByOneAdapter`. */
export type TunnelAdapter = (ws: WebSocket, options?: TunnelSocketOptions) => PollStream;

type ReadState =
  { readonly kind: 'open' } | { readonly kind: 'ended' } | { readonly kind: 'failed'; readonly error: Error };

/** `ending`: the end message is on its way to the kernel. */
type WriteState = ReadState | { readonly kind: 'ending' };

/**
 * A WebSocket of the tunnel as a stream. Takes an open one, paused or not: what came before a listener was there is
 * lost, so whoever opens it pauses it at once, and this resumes it.
 *
 * - Reads deliver what came before an abort, a Close or a lost connection, then throw it: none of them is a clean end.
 *   Only the end message is.
 * - The Close frame goes out by itself once both directions have ended. Whoever opened the WebSocket bounds the wait
 *   for the peer's, and terminates it: linger.ts.
 */
export function fromTunnelSocket(ws: WebSocket, options: TunnelSocketOptions = {}): TunnelSocketStream {
  return new TunnelSocketStream(ws, options);
}

/** The stream behind `fromTunnelSocket`; a class only so that the story's wrong adapter can differ in one method. */
export class TunnelSocketStream implements PollStream {
  readonly #ws: WebSocket;
  readonly #maxPayloadBytes: number;
  readonly #queue = new MessageQueue();
  #read: ReadState = { kind: 'open' };
  #write: WriteState = { kind: 'open' };
  readonly #reader = new WakeSlot(READER_SLOT);
  readonly #writer = new WakeSlot(WRITER_SLOT);
  /** Handed to `ws` and not yet taken by the kernel, headers of ours included. */
  #unsentBytes = 0;
  #unsentMessages = 0;
  /** Payload that the kernel has taken, by what was really sent. */
  #sentPayloadBytes = 0;

  constructor(ws: WebSocket, options: TunnelSocketOptions = {}) {
    invariant(ws.readyState !== WebSocket.CONNECTING, 'A tunnel socket must be open before it becomes a stream');
    this.#ws = ws;
    this.#maxPayloadBytes = (options.maxMessageBytes ?? DEFAULT_MAX_MESSAGE_BYTES) - HEADER_BYTES;
    invariant(this.#maxPayloadBytes >= 1, 'A message must have room for a byte of payload');
    ws.on('message', this.#onMessage);
    ws.on('error', this.#onError);
    ws.once('close', this.#onClose);
    if (ws.readyState === WebSocket.OPEN) ws.resume();
    else this.#onClose(1006, Buffer.alloc(0));
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    return this.#afterRead(cx, this.#queue.read(bytes, start, end));
  }

  pollChunk(cx: Context, slot: ChunkSlot): number {
    return this.#afterRead(cx, this.#queue.readChunk(slot));
  }

  /** One message for each call. Borrowed or given, the bytes are copied: the byte of kind has to stand before them. */
  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, _given: boolean): number {
    if (this.#write.kind === 'failed') throw this.#write.error;
    if (this.#write.kind !== 'open') throw writeAfterShutdown(end - start);
    if (end === start) return 0;
    if (this.#unsentBytes >= HIGH_WATER_BYTES || this.#unsentMessages >= MAX_WAITING_MESSAGES) {
      cx.note?.(Kind.QUEUE, this.#unsentBytes, HIGH_WATER_BYTES);
      return this.#writer.wait(cx);
    }
    const payloadBytes = Math.min(end - start, this.#maxPayloadBytes);
    const message = encodeData(bytes, start, start + payloadBytes);
    this.#send(message);
    return this.countOf(payloadBytes, message.byteLength);
  }

  /** Done when the kernel has taken everything. */
  pollFlush(cx: Context): number {
    if (this.#write.kind === 'failed') throw this.#write.error;
    if (this.#unsentMessages === 0) return 0;
    return this.#writer.wait(cx);
  }

  /** Sends the end message; done when the kernel has taken it. */
  pollShutdown(cx: Context): number {
    switch (this.#write.kind) {
      case 'failed':
        throw this.#write.error;
      case 'ended':
        cx.note?.(Kind.LEDGER, this.#sentPayloadBytes, 0);
        return 0;
      case 'open':
        this.#write = { kind: 'ending' };
        this.#send(encodeEnd());
        cx.note?.(Kind.SOCKET, SocketState.END_SENT, 0);
        break;
      case 'ending':
        break;
    }
    return this.#writer.wait(cx);
  }

  /** Tells the peer, drops what was not read, and asks `ws` to close. A second abort does nothing. */
  abort(reason: Error): void {
    this.#queue.clear();
    const peerKnows = this.#read.kind === 'failed' || this.#ws.readyState !== WebSocket.OPEN;
    if (!peerKnows) this.#send(encodeAbort(reason.message));
    this.#fail(streamAborted(reason));
    this.#ws.close(1011);
  }

  /** What `pollWrite` says it has taken: the payload. The bytes of the message are nobody's business but ours. */
  protected countOf(payloadBytes: number, _messageBytes: number): number {
    return payloadBytes;
  }

  #afterRead(cx: Context, n: number): number {
    if (n > 0) {
      if (this.#ws.isPaused && !this.#isAbove(LOW_WATER_BYTES, MAX_WAITING_MESSAGES / 2)) this.#ws.resume();
      return n;
    }
    switch (this.#read.kind) {
      case 'failed':
        throw this.#read.error;
      case 'ended':
        return 0;
      case 'open':
        return this.#reader.wait(cx);
    }
  }

  #isAbove(bytes: number, messages: number): boolean {
    return this.#queue.payloadBytes >= bytes || this.#queue.length >= messages;
  }

  #send(message: Buffer): void {
    this.#unsentBytes += message.byteLength;
    this.#unsentMessages += 1;
    // Typed as undefined, and null when it comes from the socket.
    this.#ws.send(message, (error?: Error | null) => {
      this.#onSent(message.byteLength, error);
    });
  }

  #onSent(bytes: number, error: Error | null | undefined): void {
    this.#unsentBytes -= bytes;
    this.#unsentMessages -= 1;
    // Of the end message that is nothing.
    if (!(error instanceof Error)) this.#sentPayloadBytes += bytes - HEADER_BYTES;
    // Usually ws closes next and says more, but it need not.
    if (error instanceof Error) {
      this.#fail(new TunnelError('TUNNEL_SOCKET_FAILED', `WebSocket failed: ${error.message}`, { cause: error }));
    }
    const drained = this.#unsentMessages === 0;
    if (drained && this.#write.kind === 'ending') {
      this.#write = { kind: 'ended' };
      this.#closeIfBothEnded();
    }
    if (drained || this.#unsentBytes <= LOW_WATER_BYTES) this.#writer.wake();
  }

  readonly #onMessage = (data: RawData, isBinary: boolean): void => {
    if (this.#read.kind === 'failed') return;
    try {
      const message = decodeMessage(data, isBinary);
      if (message.kind === 'abort') {
        this.#fail(new TunnelError('TUNNEL_ABORTED', `Peer aborted: ${message.reason}`));
        this.#ws.close(1000);
        return;
      }
      if (this.#read.kind !== 'open') {
        throw new TunnelError(
          'TUNNEL_MESSAGE_INVALID',
          `Wrong message from the peer: expected nothing after the end, got ${message.kind}`,
        );
      }
      if (message.kind === 'end') this.#onEnd();
      else this.#onData(message.bytes);
    } catch (error) {
      if (!(error instanceof TunnelError)) throw error;
      this.#fail(error);
      this.#ws.close(1002);
    }
  };

  #onData(message: Buffer): void {
    this.#queue.push(message);
    if (this.#isAbove(HIGH_WATER_BYTES, MAX_WAITING_MESSAGES)) {
      this.#reader.note(Kind.QUEUE, this.#queue.payloadBytes, HIGH_WATER_BYTES);
      this.#ws.pause();
    }
    this.#reader.wake();
  }

  #onEnd(): void {
    this.#read = { kind: 'ended' };
    this.#reader.note(Kind.SOCKET, SocketState.ENDED);
    // Paused, it would not see the Close frame, which is all that may still come.
    this.#ws.resume();
    this.#closeIfBothEnded();
    this.#reader.wake();
  }

  readonly #onError = (cause: Error & { code?: unknown }): void => {
    const tooLong = cause.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    this.#fail(
      new TunnelError(
        tooLong ? 'TUNNEL_MESSAGE_TOO_LONG' : 'TUNNEL_SOCKET_FAILED',
        `WebSocket failed: ${cause.message}`,
        { cause },
      ),
    );
  };

  readonly #onClose = (code: number, reason: Buffer): void => {
    this.#ws.off('message', this.#onMessage);
    const what = code === 1006 ? 'a lost connection' : `Close ${code} ${reason.toString()}`.trimEnd();
    const error = new TunnelError('TUNNEL_CLOSED_EARLY', `WebSocket closed: expected the end message, got ${what}`);
    // What has ended stays so: a reader may still have bytes to take.
    if (this.#read.kind !== 'ended') this.#failRead(error);
    if (this.#write.kind !== 'ended') this.#failWrite(error);
  };

  #closeIfBothEnded(): void {
    if (this.#read.kind === 'ended' && this.#write.kind === 'ended') this.#ws.close(1000);
  }

  #fail(error: Error): void {
    this.#failRead(error);
    this.#failWrite(error);
    // Paused, it would never be seen to close.
    this.#ws.resume();
  }

  /** The first failure stands. */
  #failRead(error: Error): void {
    if (this.#read.kind !== 'failed') {
      this.#read = { kind: 'failed', error };
      this.#reader.note(Kind.SOCKET, SocketState.FAILED);
    }
    this.#reader.wake();
  }

  #failWrite(error: Error): void {
    if (this.#write.kind !== 'failed') {
      this.#write = { kind: 'failed', error };
      this.#writer.note(Kind.SOCKET, SocketState.FAILED);
    }
    this.#writer.wake();
  }
}
