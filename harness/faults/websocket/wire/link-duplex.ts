import { Duplex } from 'node:stream';
import type { Clock } from '../../../../src/poll/clock.ts';
import { resetOrDestroy } from '../../../../src/streams/reset-or-destroy.ts';
import { WireQueue, type WireTarget } from './wire-queue.ts';

/** What a direction does with what comes. */
export interface Lane {
  push(bytes: Buffer): void;
  end(): void;
}

/** What lies between a library and a connection. */
export interface LanePair {
  /** What the library writes. */
  readonly out: Lane;
  /** What comes from the peer. */
  readonly in: Lane;
}

/** The two ends at which the lanes put what goes on. */
export interface QueuePair {
  readonly out: WireQueue;
  readonly in: WireQueue;
}

/** The parts of a socket that libraries ask for beside the stream; a Duplex that is none has a few of them at most. */
interface SocketParts {
  readonly connecting?: boolean;
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
  ref?(): unknown;
  unref?(): unknown;
  setNoDelay?(on?: boolean): unknown;
  setKeepAlive?(on?: boolean, initialDelayMs?: number): unknown;
  setTimeout?(timeoutMs: number, callback?: () => void): unknown;
}

export interface LinkDuplexOptions {
  readonly clock: Clock;
  readonly allowHalfOpen: boolean;
  readonly lanes: (queues: QueuePair) => LanePair;
  /** What is used in place of the socket, asked a microtask later. */
  readonly before: (socket: Duplex) => Duplex;
}

/**
 * What a WebSocket library takes for its connection: a Duplex in front of the real one, with two lanes between them.
 * With lanes that change nothing, ends, resets, errors and back-pressure of either side reach the other as they were.
 */
export class LinkDuplex extends Duplex {
  readonly #socket: Duplex & SocketParts;
  /** What bytes are written to and read from: the socket, or what has been put before it. */
  #raw: Duplex;
  readonly #lanes: LanePair;
  readonly #out: WireQueue;
  readonly #in: WireQueue;
  #hasPeerEnded = false;
  /** What a write, or the end, waits for. */
  #pending: ((error?: Error | null) => void) | null = null;
  /** What the bytes for the library wait for: that it asks for more. */
  #awaitsRead: (() => void) | null = null;
  #awaitsIdle = false;
  #isAttached = false;

  constructor(socket: Duplex, options: LinkDuplexOptions) {
    super({ allowHalfOpen: options.allowHalfOpen });
    this.#socket = socket;
    this.#raw = socket;
    this.#out = new WireQueue(this.#wireTarget(), options.clock);
    this.#in = new WireQueue(this.#libraryTarget(), options.clock);
    this.#lanes = options.lanes({ out: this.#out, in: this.#in });
    for (const event of ['connect', 'ready', 'timeout'] as const) socket.on(event, () => this.emit(event));
    socket.on('error', this.#onError);
    // Whoever makes the connection may say in this turn what is to be put before it.
    queueMicrotask(() => {
      if (!this.destroyed) this.#attach(options.before(socket));
    });
  }

  #attach(raw: Duplex): void {
    this.#raw = raw;
    if (raw !== this.#socket) raw.on('error', this.#onError);
    raw.on('data', (bytes: Buffer) => {
      this.#lanes.in.push(bytes);
      this.#flow();
    });
    raw.on('end', () => {
      this.#hasPeerEnded = true;
      this.#lanes.in.end();
    });
    raw.on('close', () => {
      // After an end the library may still have bytes to read; it finds its own end.
      if (!this.#hasPeerEnded) this.destroy();
    });
    this.#isAttached = true;
    this.#flow();
  }

  readonly #onError = (error: Error): void => {
    this.destroy(error);
  };

  override _read(): void {
    const ask = this.#awaitsRead;
    this.#awaitsRead = null;
    ask?.();
    this.#flow();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#lanes.out.push(bytes);
    this.#settleOnIdle(done);
  }

  // Together, as a socket writes them: the header of a message and its payload are one segment.
  override _writev(chunks: { chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this._write(Buffer.concat(chunks.map(({ chunk }) => chunk)), 'buffer', done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#lanes.out.end();
    this.#settleOnIdle(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#out.stop();
    this.#in.stop();
    const pending = this.#pending;
    this.#pending = null;
    const finish = (): void => {
      pending?.(error ?? new Error('Connection was destroyed'));
      done(error);
    };
    if (this.#raw.closed) finish();
    else this.#raw.once('close', finish);
    this.#raw.destroy();
  }

  /** A paused socket reads no further, and so does not see a reset either; ours keeps to that. */
  override pause(): this {
    super.pause();
    this.#flow();
    return this;
  }

  override resume(): this {
    super.resume();
    this.#flow();
    return this;
  }

  /** As a socket does it: RST instead of FIN. */
  resetAndDestroy(): this {
    resetOrDestroy(this.#socket, new Error('Connection was reset'));
    return this.destroy();
  }

  /** As a socket has it: once what was written has been sent. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  get connecting(): boolean {
    return this.#socket.connecting ?? false;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  ref(): this {
    this.#socket.ref?.();
    return this;
  }

  unref(): this {
    this.#socket.unref?.();
    return this;
  }

  setNoDelay(on?: boolean): this {
    this.#socket.setNoDelay?.(on);
    return this;
  }

  setKeepAlive(on?: boolean, initialDelayMs?: number): this {
    this.#socket.setKeepAlive?.(on, initialDelayMs);
    return this;
  }

  readonly setTimeout = (timeoutMs: number, callback?: () => void): this => {
    if (callback !== undefined) this.once('timeout', callback);
    this.#socket.setTimeout?.(timeoutMs);
    return this;
  };

  #settleOnIdle(done: (error?: Error | null) => void): void {
    this.#pending = done;
    this.#out.whenIdle(() => {
      this.#pending = null;
      done();
    });
  }

  /** Reads from the peer only while the library wants more, and nothing waits to be given to it. */
  #flow(): void {
    if (this.destroyed || !this.#isAttached) return;
    const isPaused = this.readableFlowing === false && this.listenerCount('readable') === 0;
    if (this.#in.isIdle && !isPaused) {
      this.#raw.resume();
      return;
    }
    this.#raw.pause();
    if (this.#in.isIdle || this.#awaitsIdle) return;
    this.#awaitsIdle = true;
    this.#in.whenIdle(() => {
      this.#awaitsIdle = false;
      this.#flow();
    });
  }

  #wireTarget(): WireTarget {
    return {
      write: (bytes, done) => {
        this.#raw.write(bytes, (error) => {
          if (error === null || error === undefined) done();
        });
      },
      end: (done) => {
        this.#raw.end(done);
      },
      reset: () => {
        this.resetAndDestroy();
      },
    };
  }

  #libraryTarget(): WireTarget {
    return {
      write: (bytes, done) => {
        if (this.push(bytes)) done();
        else this.#awaitsRead = done;
      },
      end: (done) => {
        this.push(null);
        done();
      },
      reset: () => {
        const reason = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET', syscall: 'read' });
        resetOrDestroy(this.#socket, reason);
        this.destroy(reason);
      },
    };
  }
}
