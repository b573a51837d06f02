import { Duplex } from 'node:stream';

const GREETING_BYTES = 3;
/** To an IPv4 address. */
const REQUEST_BYTES = 10;
const NO_AUTHENTICATION = Buffer.of(5, 0);
const SUCCEEDED = Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0);

/** The proxy's end of a connection through a SOCKS5 proxy: takes whatever is asked for, then carries the bytes as they are. */
export function socksPeer(connection: Duplex): Duplex {
  return new SocksPeer(connection);
}

class SocksPeer extends Duplex {
  readonly #connection: Duplex;
  #state: 'greeting' | 'request' | 'open' = 'greeting';
  #head = Buffer.alloc(0);
  /** What is to be done once it is open. */
  #waiting: (() => void) | null = null;

  constructor(connection: Duplex) {
    super({ highWaterMark: 1 });
    this.#connection = connection;
    connection.on('data', (chunk: Buffer) => {
      if (this.#state === 'open') this.#carry(chunk);
      else this.#onHead(chunk);
    });
    connection.on('end', () => this.push(null));
    connection.on('close', () => {
      // After an end there may still be something to read here.
      if (!connection.readableEnded) this.destroy(new Error('Connection was lost'));
    });
  }

  override _read(): void {
    this.#connection.resume();
  }

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#whenOpen(() => this.#connection.write(chunk, done));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#whenOpen(() => this.#connection.end(done));
  }

  #onHead(chunk: Buffer): void {
    this.#head = Buffer.concat([this.#head, chunk]);
    if (this.#state === 'greeting' && this.#head.length >= GREETING_BYTES) {
      this.#head = this.#head.subarray(GREETING_BYTES);
      this.#state = 'request';
      this.#connection.write(NO_AUTHENTICATION);
    }
    if (this.#state !== 'request' || this.#head.length < REQUEST_BYTES) return;
    this.#state = 'open';
    this.#connection.write(SUCCEEDED);
    this.#waiting?.();
    const rest = this.#head.subarray(REQUEST_BYTES);
    if (rest.length > 0) this.#carry(rest);
  }

  #carry(chunk: Buffer): void {
    if (!this.push(chunk)) this.#connection.pause();
  }

  #whenOpen(then: () => void): void {
    if (this.#state === 'open') then();
    else this.#waiting = then;
  }
}
