import type { Clock } from '../poll/clock.ts';
import type { Context } from '../poll/context.ts';
import type { ChunkSlot, PollStream } from '../poll/poll-stream.ts';
import { Kind, SocketState } from '../trace/event-kind.ts';
import { closeWithFailure } from './close-with-failure.ts';
import { copyBytes } from './copy-bytes.ts';
import { ReceiveQueue, type ReceiveLimits } from './receive-queue.ts';
import { SendQueue } from './send-queue.ts';
import { StreamError, type StreamErrorDetails } from './stream-error.ts';
import { streamAborted, writeAfterShutdown } from './stream-failures.ts';
import { READER_SLOT, WakeSlot, WRITER_SLOT } from './wake-slot.ts';
import { ReadyState, type WebSocketCloseEvent, type WebSocketLike } from './web-socket-like.ts';

export interface WebSocketSettings extends ReceiveLimits {
  readonly maxMessageBytes: number;
  readonly endCodes: readonly number[];
  readonly closeTimeoutMs: number;
  readonly abortTimeoutMs: number;
  readonly closeReason: (reason: Error) => string;
  readonly clock: Clock;
}

/** Of a `blocked` event. */
const WAITS_FOR_PEER = 2;

type Connection =
  /** Connecting or open; a peer's Close may already be on its way through. */
  | { readonly kind: 'up' }
  /** Our Close is sent. */
  | { readonly kind: 'shutting-down' }
  /** Closed as an end of stream; `byUs` if our Close was the first. */
  | { readonly kind: 'ended'; readonly byUs: boolean; readonly details: StreamErrorDetails }
  | { readonly kind: 'failed'; readonly error: StreamError };

/** A WebSocket as a stream; `fromWebSocket` says what it carries. */
export class WebSocketStream implements PollStream {
  readonly #socket: WebSocketLike;
  readonly #settings: WebSocketSettings;
  readonly #incoming: ReceiveQueue;
  readonly #outgoing: SendQueue;
  readonly #reader = new WakeSlot(READER_SLOT);
  readonly #writer = new WakeSlot(WRITER_SLOT);
  #connection: Connection = { kind: 'up' };
  /** What the implementation said was wrong; its close event, if it follows at once, says it better. */
  #cause: unknown;
  /** Messages and reads so far: while they go on, a shutdown may take its time. */
  #activity = 0;
  #cancelTimer: (() => void) | null = null;
  /** The peer is being told of a failure. */
  #told = false;

  constructor(socket: WebSocketLike, settings: WebSocketSettings) {
    if (socket.readyState !== ReadyState.CONNECTING && socket.readyState !== ReadyState.OPEN) {
      const message = `WebSocket is not open: expected readyState 0 or 1, got: ${socket.readyState}`;
      throw new StreamError('WEBSOCKET_NOT_OPEN', message);
    }
    this.#socket = socket;
    this.#settings = settings;
    this.#incoming = new ReceiveQueue(socket, settings);
    this.#outgoing = new SendQueue(socket, settings.highWaterMarkBytes, settings.clock, () => {
      this.#writer.wake();
    });
    socket.addEventListener('open', () => {
      this.#writer.wake();
    });
    socket.addEventListener('message', (event) => {
      this.#onMessage(event.data);
    });
    socket.addEventListener('error', (event) => {
      this.#onError(event);
    });
    socket.addEventListener('close', (event) => {
      this.#onClose(event);
    });
  }

  pollRead(cx: Context, bytes: Uint8Array, start: number, end: number): number {
    const n = this.#incoming.copyInto(bytes, start, end);
    return n > 0 || start === end ? this.#didRead(n) : this.#idle(cx);
  }

  pollChunk(cx: Context, slot: ChunkSlot): number {
    const n = this.#incoming.take(slot);
    return n > 0 ? this.#didRead(n) : this.#idle(cx);
  }

  pollWrite(cx: Context, bytes: Uint8Array, start: number, end: number, given: boolean): number {
    switch (this.#connection.kind) {
      case 'failed':
        throw this.#connection.error;
      case 'ended':
        if (!this.#connection.byUs) {
          // Nobody may have waited for this half yet, and so have been told.
          cx.note?.(Kind.SOCKET, SocketState.CLOSED, 0);
          throw closedBeforeSent(end - start, this.#connection.details);
        }
        throw writeAfterShutdown(end - start);
      case 'shutting-down':
        throw writeAfterShutdown(end - start);
      case 'up':
        break;
    }
    // A socket that closes swallows what it is given: the close event, which comes, says what to make of it.
    if (this.#socket.readyState !== ReadyState.OPEN) return this.#writer.wait(cx);
    if (!this.#outgoing.hasRoom) {
      cx.note?.(Kind.QUEUE, this.#socket.bufferedAmount, this.#settings.highWaterMarkBytes);
      return this.#waitFor('room', cx);
    }
    const n = Math.min(end - start, this.#settings.maxMessageBytes);
    if (n === 0) return 0;
    const isCopied = !given && this.#outgoing.keepsBytes;
    this.#outgoing.send(isCopied ? copyBytes(bytes, start, start + n) : bytes.subarray(start, start + n));
    return n;
  }

  pollFlush(cx: Context): number {
    switch (this.#connection.kind) {
      case 'failed':
        throw this.#connection.error;
      case 'ended':
        return this.#ended(this.#connection.details);
      case 'up':
      case 'shutting-down':
        return this.#outgoing.isEmpty ? 0 : this.#waitFor('empty', cx);
    }
  }

  pollShutdown(cx: Context): number {
    switch (this.#connection.kind) {
      case 'failed':
        throw this.#connection.error;
      case 'ended':
        return this.#ended(this.#connection.details);
      case 'up':
        if (this.#socket.readyState === ReadyState.CONNECTING) break;
        // Where the peer's Close was first, this one goes nowhere, and only the wait is left.
        this.#connection = { kind: 'shutting-down' };
        this.#boundClose();
        cx.note?.(Kind.QUEUE, this.#socket.bufferedAmount, this.#settings.highWaterMarkBytes);
        this.#socket.close(1000);
        // A Close is passed on, and wants the peer's.
        cx.note?.(Kind.SOCKET, SocketState.END_SENT, 0);
        cx.note?.(Kind.SOCKET, SocketState.ASKED, 0);
        break;
      case 'shutting-down':
        break;
    }
    return this.#writer.wait(cx);
  }

  abort(reason: Error): void {
    if (this.#connection.kind === 'ended') return;
    this.#incoming.abandon();
    // A failure of which the peer was already told must not be cut short by a second one.
    if (!this.#told) this.#fail(streamAborted(reason), reason);
  }

  #idle(cx: Context): number {
    switch (this.#connection.kind) {
      case 'failed':
        throw this.#connection.error;
      case 'ended':
        return 0;
      case 'up':
      case 'shutting-down':
        return this.#reader.wait(cx);
    }
  }

  #didRead(n: number): number {
    this.#activity += 1;
    return n;
  }

  #waitFor(what: 'room' | 'empty', cx: Context): number {
    const pending = this.#writer.wait(cx);
    this.#outgoing.wait(what);
    return pending;
  }

  /** What was taken before the end has been sent, or else it was no end for this half. */
  #ended(details: StreamErrorDetails): number {
    if (this.#outgoing.hasLost) throw closedBeforeSent(0, details);
    return 0;
  }

  #onMessage(data: unknown): void {
    if (this.#connection.kind === 'ended' || this.#connection.kind === 'failed') return;
    this.#activity += 1;
    try {
      this.#incoming.push(data);
    } catch (error) {
      if (!(error instanceof StreamError)) throw error;
      this.#fail(error, error);
      return;
    }
    this.#reader.wake();
  }

  #onError(event: object): void {
    this.#cause = 'error' in event && event.error !== undefined ? event.error : event;
    // undici fires the close event in the same breath, with the code; `ws` may take 30 s, and the stream is dead by then.
    queueMicrotask(() => {
      if (this.#connection.kind === 'ended' || this.#connection.kind === 'failed') return;
      const cause = this.#cause;
      const said = cause instanceof Error ? cause.message : 'no reason given';
      this.#fail(new StreamError('WEBSOCKET_FAILED', `WebSocket failed: ${said}`, {}, { cause }), null);
    });
  }

  #onClose({ code, reason }: WebSocketCloseEvent): void {
    this.#stopTimers();
    if (this.#connection.kind === 'ended' || this.#connection.kind === 'failed') return;
    const details = { closeCode: code, closeReason: reason };
    this.#writer.note(Kind.SOCKET, SocketState.ANSWERED);
    if (this.#settings.endCodes.includes(code)) {
      this.#connection = { kind: 'ended', byUs: this.#connection.kind === 'shutting-down', details };
      this.#reader.note(Kind.SOCKET, SocketState.ENDED);
      this.#writer.note(Kind.SOCKET, SocketState.CLOSED);
      this.#reader.wake();
      this.#writer.wake();
      return;
    }
    const expected = this.#settings.endCodes.join(' or ');
    const message = `WebSocket closed: expected code ${expected}, got: ${code}${reason === '' ? '' : ` (${reason})`}`;
    const options = this.#cause === undefined ? undefined : { cause: this.#cause };
    this.#fail(new StreamError('WEBSOCKET_CLOSED', message, details, options), null);
  }

  /** @param told what the peer is to be told, if the connection is to be ended from here. */
  #fail(error: StreamError, told: Error | null): void {
    this.#connection = { kind: 'failed', error };
    for (const half of [this.#reader, this.#writer]) half.note(Kind.SOCKET, SocketState.FAILED);
    this.#stopTimers();
    if (told !== null && this.#socket.readyState !== ReadyState.CLOSED) {
      const { clock, abortTimeoutMs, closeReason } = this.#settings;
      this.#told = true;
      this.#cancelTimer = closeWithFailure(this.#socket, closeReason(told), clock, abortTimeoutMs);
    }
    this.#reader.wake();
    this.#writer.wake();
  }

  /** Ends the wait for the peer's Close when nothing has happened for so long. */
  #boundClose(): void {
    const { clock, closeTimeoutMs } = this.#settings;
    const activity = this.#activity;
    this.#cancelTimer = clock.after(closeTimeoutMs, () => {
      if (this.#activity !== activity) {
        this.#boundClose();
        return;
      }
      // No failure of the connection's: it is the peer that is waited for.
      this.#writer.note(Kind.BLOCKED, WAITS_FOR_PEER);
      const message = `WebSocket did not close: expected the peer's Close within ${closeTimeoutMs} ms of the shutdown`;
      this.#fail(new StreamError('WEBSOCKET_CLOSE_TIMEOUT', message), null);
      this.#socket.terminate?.();
    });
  }

  #stopTimers(): void {
    this.#outgoing.stop();
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }
}

function closedBeforeSent(offered: number, details: StreamErrorDetails): StreamError {
  const what = offered > 0 ? `${offered} bytes were offered` : 'what was written was not all sent';
  return new StreamError('WEBSOCKET_CLOSED', `WebSocket closed by its peer: ${what}`, details);
}
