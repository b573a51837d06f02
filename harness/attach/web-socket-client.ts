import { WebSocket } from 'ws';
import type { Clock } from '../../src/poll/clock.ts';
import { inspectorFailed, type InspectorClient } from '../../src/watch/inspector-client.ts';

/** The longest message that is taken: a recorder's memory is asked for in smaller pieces. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** A command that nobody answers for so long fails: the thread stands in a system call. */
const COMMAND_TIMEOUT_MS = 5000;
const MAX_WAITING = 1024;

interface Message {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
  readonly method?: string;
  readonly params?: unknown;
}

/** The inspector of another process, over its WebSocket. */
export class WebSocketClient implements InspectorClient {
  /** Fulfilled when the connection has ended, whoever ended it. */
  readonly ended: Promise<void>;
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Map<string, Set<(params: unknown) => void>>();
  #last = 0;
  #why = 'the connection has ended';

  /** Rejects with INSPECTOR_FAILED if there is no connection within `timeoutMs`. */
  static async connect(
    url: string,
    { clock, timeoutMs }: { clock: Clock; timeoutMs: number },
  ): Promise<WebSocketClient> {
    const socket = new WebSocket(url, {
      maxPayload: MAX_MESSAGE_BYTES,
      perMessageDeflate: false,
      handshakeTimeout: timeoutMs,
      followRedirects: false,
    });
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', (error) => {
        reject(inspectorFailed('connect', error.message, error));
      });
    });
    return new WebSocketClient(socket, clock);
  }

  private constructor(socket: WebSocket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.ended = new Promise((resolve) => {
      socket.once('close', () => {
        this.#end();
        resolve();
      });
    });
    socket.on('error', (error) => {
      this.#why = error.message;
    });
    // An inspector sends texts, each one Buffer by ws's defaults.
    socket.on('message', (data) => {
      this.#receive(data as Buffer);
    });
  }

  post(method: string, params: object = {}): Promise<unknown> {
    if (this.#socket.readyState !== WebSocket.OPEN) return Promise.reject(inspectorFailed(method, this.#why));
    if (this.#waiting.size >= MAX_WAITING) return Promise.reject(inspectorFailed(method, 'too many commands at once'));
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(COMMAND_TIMEOUT_MS, () => {
        this.#waiting.get(id)?.({ error: { message: `no answer within ${COMMAND_TIMEOUT_MS} ms` } });
      });
      this.#waiting.set(id, ({ error, result }) => {
        cancel();
        this.#waiting.delete(id);
        if (error === undefined) resolve(result);
        else reject(inspectorFailed(method, error.message));
      });
      this.#socket.send(JSON.stringify({ id, method, params }));
    });
  }

  on(event: string, listener: (params: unknown) => void): () => void {
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  /** Ends the connection at once; what this session had paused goes on. */
  close(): void {
    this.#socket.terminate();
  }

  #receive(data: Buffer): void {
    let message: Message;
    try {
      message = JSON.parse(data.toString('utf8')) as Message;
    } catch {
      this.#why = 'what answers is no inspector: it sent no JSON';
      this.close();
      return;
    }
    if (message.id !== undefined) this.#waiting.get(message.id)?.(message);
    else for (const listener of this.#listeners.get(message.method ?? '') ?? []) listener(message.params);
  }

  #end(): void {
    for (const settle of this.#waiting.values()) settle({ error: { message: this.#why } });
    this.#listeners.clear();
  }
}
