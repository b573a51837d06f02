import type { WebSocketCloseEvent, WebSocketLike } from '../../../src/streams/web-socket-like.ts';

type Listeners = {
  open: (() => void)[];
  message: ((event: { readonly data: unknown }) => void)[];
  error: ((event: object) => void)[];
  close: ((event: WebSocketCloseEvent) => void)[];
};

/** A W3C WebSocket with a test at its other end: for what a real peer cannot be made to do, or not at that moment. */
export class FakeWebSocket implements WebSocketLike {
  readyState: number;
  bufferedAmount = 0;
  binaryType = 'blob';
  readonly sent: Uint8Array[] = [];
  readonly closes: [number | undefined, string | undefined][] = [];
  readonly #listeners: Listeners = { open: [], message: [], error: [], close: [] };

  constructor(readyState: number) {
    this.readyState = readyState;
  }

  send(data: Uint8Array): void {
    this.sent.push(Buffer.from(data));
  }

  close(code?: number, reason?: string): void {
    if (this.readyState >= 2) return;
    this.closes.push([code, reason]);
    this.readyState = 2;
  }

  addEventListener<K extends keyof Listeners>(type: K, listener: Listeners[K][number]): void {
    (this.#listeners[type] as Listeners[K][number][]).push(listener);
  }

  open(): void {
    this.readyState = 1;
    for (const listener of this.#listeners.open) listener();
  }

  deliver(data: unknown): void {
    for (const listener of this.#listeners.message) listener({ data });
  }

  fail(error: Error): void {
    for (const listener of this.#listeners.error) listener({ error });
  }

  end(code: number, reason: string): void {
    this.readyState = 3;
    for (const listener of this.#listeners.close) listener({ code, reason });
  }
}
