import { positiveInteger } from '../streams/check-option.ts';
import { isNodeWebSocket, ReadyState, type WebSocketLike } from '../streams/web-socket-like.ts';
import { hookMethod } from './hook-method.ts';
import { payloadBytes, payloadLength } from './payload-bytes.ts';
import type { RecordedSide, RecordStreamOptions, StreamEnd } from './recorded-copy.ts';

const HIGH_WATER_BYTES = 1024 * 1024;
/** The Close codes that stand for an end of stream; 1005 is a Close frame without one. */
const END_CODES = [1000, 1005];
/** What a frame has before its payload, at most. */
const MAX_HEADER_BYTES = 14;

export interface RecordWebSocketOptions extends RecordStreamOptions {
  /** With so many bytes unsent, whoever goes on sending is recorded as one who should wait. Default: 1048576. */
  readonly highWaterBytes?: number;
}

/**
 * Records the messages of a WebSocket that others send and receive: that of `ws`, undici's, or the global one.
 *
 * It stands around `send`, `close` and `terminate` of this one object, around `emit` of a `ws`, and listens to the events of
 * the others. It passes everything on as it came. An empty message moves no byte and is not recorded.
 *
 * Throws STREAM_OPTION_INVALID for a wrong mark.
 *
 * @returns what ends the recording and takes the hooks out.
 */
export function recordWebSocket(socket: WebSocketLike, options: RecordWebSocketOptions): () => void {
  const highWaterBytes = positiveInteger('highWaterBytes', options.highWaterBytes ?? HIGH_WATER_BYTES);
  const recorded = options.copy.join(options.side);
  if (recorded === null) return () => undefined;
  const { writes } = recorded;
  const events = new WebSocketEvents(socket, recorded);

  let isOff = false;
  let hasAnswered = false;
  const look = (): void => {
    if (!isOff && socket.bufferedAmount < highWaterBytes) writes.drained();
  };
  const unhook = [
    hookMethod(socket, 'send', (call, args) => {
      const [data] = args;
      const isOpen = socket.readyState === ReadyState.OPEN;
      const n = payloadLength(data);
      look();
      if (isOpen) recorded.keep(() => payloadBytes(data));
      const mayFill = socket.bufferedAmount + n + MAX_HEADER_BYTES >= highWaterBytes;
      const result = mayFill && isNodeWebSocket(socket) ? call(withCallback(args, look)) : call();
      if (!isOpen) writes.refused(n);
      else writes.wrote(n);
      if (isOpen && socket.bufferedAmount >= highWaterBytes) writes.filled(socket.bufferedAmount, highWaterBytes);
      return result;
    }),
    hookMethod(socket, 'close', (call) => {
      // A `ws` answers its peer's Close by its own close(), at once: nobody has shut down this direction by that.
      const isAnswer = !hasAnswered && Reflect.get(socket, '_closeFrameReceived') === true;
      hasAnswered ||= isAnswer;
      const result = call();
      if (!isAnswer && writes.isRunning) {
        writes.shutDown();
        writes.asked();
      }
      return result;
    }),
    // Of `ws` alone: the others send none that could be seen.
    hookMethod(socket, 'ping', (call) => {
      const result = call();
      writes.asked();
      return result;
    }),
    hookMethod(socket, 'terminate', (call) => {
      // Afterwards it has forgotten.
      events.terminated(socket.bufferedAmount);
      return call();
    }),
    events.listen(look),
  ];
  return () => {
    isOff = true;
    for (const off of unhook) off();
  };
}

/** What is called on the way, and at the end, for the WebSocket's two directions. */
class WebSocketEvents {
  /** Bytes that it had not sent when its owner terminated it. */
  #unsent: number | null = null;
  readonly #socket: WebSocketLike;
  readonly #recorded: RecordedSide;
  #failure: StreamEnd | null = null;

  constructor(socket: WebSocketLike, recorded: RecordedSide) {
    this.#socket = socket;
    this.#recorded = recorded;
  }

  /** @param look is called with each event. @returns what ends it. */
  listen(look: () => void): () => void {
    if (isNodeWebSocket(this.#socket)) {
      // Not a listener: it would come after those that are there already.
      return hookMethod(this.#socket, 'emit', (call, [name, value]) => {
        look();
        if (name === 'message') this.#message(value);
        else if (name === 'error') this.#error(value);
        else if (name === 'pong') this.#recorded.writes.answered();
        else if (name === 'close') this.#close(Number(value));
        return call();
      });
    }
    let isOff = false;
    const unlessOff =
      <T>(handle: (event: T) => void) =>
      (event: T): void => {
        if (isOff) return;
        look();
        handle(event);
      };
    this.#socket.addEventListener(
      'message',
      unlessOff(({ data }) => {
        this.#message(data);
      }),
    );
    this.#socket.addEventListener(
      'error',
      unlessOff((event) => {
        this.#error(event);
      }),
    );
    this.#socket.addEventListener(
      'close',
      unlessOff(({ code }) => {
        this.#close(code);
      }),
    );
    return () => {
      isOff = true;
    };
  }

  terminated(unsent: number): void {
    this.#unsent ??= unsent;
  }

  #message(data: unknown): void {
    this.#recorded.reads.read(payloadLength(data));
  }

  #error(value: unknown): void {
    const message =
      typeof value === 'object' && value !== null && 'message' in value ? String(value.message) : 'no reason';
    this.#failure ??= { code: 'WEBSOCKET_FAILED', message: `WebSocket failed: ${message}` };
  }

  #close(code: number): void {
    const { reads, writes } = this.#recorded;
    if (!END_CODES.includes(code)) {
      this.#failure ??= { code: 'WEBSOCKET_CLOSED', message: `WebSocket closed: code ${code}` };
    }
    if (this.#unsent !== null) {
      reads.readDropped(0);
      writes.writeDropped(this.#unsent);
    } else if (this.#failure === null) {
      reads.readEnded();
      // The peer's Close has ended both directions; whether ours was complete, nobody has said.
      if (writes.isRunning) writes.writeDropped(0);
      else {
        writes.answered();
        writes.shutDownDone();
      }
    } else {
      reads.readFailed(0);
      writes.writeFailed(0);
    }
    this.#recorded.closed(this.#failure);
  }
}

/** The arguments of a send of `ws`, with a callback that also looks; it has one of (data, sent) and (data, options, sent). */
function withCallback([data, ...rest]: readonly unknown[], look: () => void): readonly unknown[] {
  const at = rest.findIndex((one) => typeof one === 'function');
  const sent = at === -1 ? null : (rest[at] as (...results: unknown[]) => void);
  const options = at === -1 ? rest : rest.slice(0, at);
  return [
    data,
    ...(options.length === 0 ? [{}] : options),
    (...results: unknown[]): void => {
      look();
      sent?.(...results);
    },
  ];
}
