import type { Socket } from 'node:net';
import { sleep, systemClock } from '../../../src/poll/clock.ts';
import type { PeerStep } from './live-setup.ts';

/** One end of a live scenario: does its steps on a socket, and keeps what came. */
export class LivePeer {
  /** Settles when its connection is closed for good. */
  readonly over: Promise<void>;
  /** The system's code of what broke the connection. */
  errorCode: string | null = null;
  readonly #socket: Socket;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;
  #hasEnded = false;
  #check: () => void = () => undefined;

  constructor(socket: Socket, steps: readonly PeerStep[]) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      this.#check();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.errorCode ??= error.code ?? error.message;
    });
    const ended = (): void => {
      this.#hasEnded = true;
      this.#check();
    };
    socket.on('end', ended);
    this.over = new Promise((resolve) => {
      socket.once('close', () => {
        ended();
        resolve();
      });
    });
    void this.#run(steps);
  }

  get received(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  destroy(): void {
    this.#socket.destroy();
  }

  async #run(steps: readonly PeerStep[]): Promise<void> {
    for (const step of steps) {
      if (this.#socket.destroyed) return;
      if (step === 'end') this.#socket.end();
      else if (step === 'reset') this.#socket.resetAndDestroy();
      else if ('send' in step) this.#socket.write(step.send);
      else if ('sendBytes' in step) this.#socket.write(Buffer.alloc(step.sendBytes, 'relayscope '));
      else if ('receive' in step) await this.#hasReceived(step.receive);
      else await sleep(step.waitMs, systemClock);
    }
  }

  #hasReceived(bytes: number): Promise<void> {
    return new Promise((resolve) => {
      this.#check = () => {
        if (this.#bytes >= bytes || this.#hasEnded) resolve();
      };
      this.#check();
    });
  }
}
