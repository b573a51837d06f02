import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A debugger as an editor is one: attached to the inspector of a worker over its WebSocket. */
export class DebuggerClient {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, () => void>();
  /** The events that have come, by name. */
  readonly events: string[] = [];
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const { id, method } = JSON.parse(String(data)) as { id?: number; method?: string };
      if (method !== undefined) this.events.push(method);
      const key = method ?? String(id);
      this.#waiting.get(key)?.();
      this.#waiting.delete(key);
    });
  }

  /** @param output of a program that has said where its inspector listens. */
  static async attach(output: string): Promise<DebuggerClient> {
    const socket = new WebSocket(/ws:\/\/\S+/.exec(output)?.[0] ?? 'none');
    await once(socket, 'open');
    return new DebuggerClient(socket);
  }

  /** Resolves when it has answered. */
  async post(method: string, params: object = {}): Promise<void> {
    this.#calls += 1;
    const answered = this.next(String(this.#calls));
    this.#socket.send(JSON.stringify({ id: this.#calls, method, params }));
    await answered;
  }

  /** Resolves with the next event of that name. */
  next(event: string): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.set(event, resolve);
    });
  }

  close(): void {
    this.#socket.close();
  }
}
