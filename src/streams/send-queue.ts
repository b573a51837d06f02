import type { Clock } from '../poll/clock.ts';
import { isNodeWebSocket, type WebSocketLike } from './web-socket-like.ts';

/** How often `bufferedAmount` is looked at: at first, and at the most after doubling. */
const FIRST_LOOK_MS = 1;
const SLOWEST_LOOK_MS = 16;

/**
 * What a WebSocket was given to send and has not passed on yet. The W3C's has no event for its draining, so its
 * `bufferedAmount` is looked at by the clock, only while somebody waits. `ws` calls back for each message; its
 * `bufferedAmount` holds the bytes of control frames too, for which nobody calls back, so our messages are counted.
 */
export class SendQueue {
  readonly #socket: WebSocketLike;
  readonly #highWaterMarkBytes: number;
  readonly #clock: Clock;
  readonly #onDrain: () => void;
  /** Whether this is `ws`, which calls back and keeps the very bytes that it was given. */
  readonly #callsBack: boolean;
  #unsent = 0;
  #lost = false;
  #waitsFor: 'nothing' | 'room' | 'empty' = 'nothing';
  #delayMs = FIRST_LOOK_MS;
  #cancelLook: (() => void) | null = null;

  /** @param onDrain is called once after a `wait`, when there is what was waited for. */
  constructor(socket: WebSocketLike, highWaterMarkBytes: number, clock: Clock, onDrain: () => void) {
    this.#socket = socket;
    this.#highWaterMarkBytes = highWaterMarkBytes;
    this.#clock = clock;
    this.#onDrain = onDrain;
    this.#callsBack = isNodeWebSocket(socket);
  }

  /** Whether `send` keeps the bytes that it is given beyond the call. The W3C's WebSocket takes its copy at once. */
  get keepsBytes(): boolean {
    return this.#callsBack;
  }

  get hasRoom(): boolean {
    if (this.#callsBack && this.#unsent === 0) return true;
    return this.#socket.bufferedAmount < this.#highWaterMarkBytes;
  }

  get isEmpty(): boolean {
    return this.#callsBack ? this.#unsent === 0 : this.#socket.bufferedAmount === 0;
  }

  /** Whether something that was taken can no longer be sent; to be asked after the WebSocket has closed. */
  get hasLost(): boolean {
    return this.#lost || !this.isEmpty;
  }

  send(bytes: Uint8Array): void {
    if (!this.#callsBack) {
      this.#socket.send(bytes);
      return;
    }
    this.#unsent += 1;
    this.#socket.send(bytes, this.#onSent);
  }

  /** Room is half of the mark, so that a writer is not woken for every message. */
  wait(what: 'room' | 'empty'): void {
    this.#waitsFor = what;
    if (this.#callsBack || this.#cancelLook !== null) return;
    this.#delayMs = FIRST_LOOK_MS;
    this.#lookLater();
  }

  stop(): void {
    this.#waitsFor = 'nothing';
    this.#cancelLook?.();
    this.#cancelLook = null;
  }

  readonly #onSent = (error?: Error | null): void => {
    this.#unsent -= 1;
    if (error instanceof Error) this.#lost = true;
    this.#look();
  };

  /** Returns whether somebody still waits. */
  #look(): boolean {
    if (this.#waitsFor === 'nothing') return false;
    const hasDrained = this.isEmpty || (this.#waitsFor === 'room' && this.#isHalfEmpty());
    if (!hasDrained) return true;
    this.#waitsFor = 'nothing';
    this.#onDrain();
    return false;
  }

  #isHalfEmpty(): boolean {
    return this.#socket.bufferedAmount <= this.#highWaterMarkBytes / 2;
  }

  #lookLater(): void {
    this.#cancelLook = this.#clock.after(this.#delayMs, () => {
      this.#cancelLook = null;
      this.#delayMs = Math.min(this.#delayMs * 2, SLOWEST_LOOK_MS);
      if (this.#look()) this.#lookLater();
    });
  }
}
