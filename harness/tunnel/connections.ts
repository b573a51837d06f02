import type { Clock } from '../../src/poll/clock.ts';
import { TunnelError } from './tunnel-error.ts';
import { LINGER_MS } from './tunnel-limits.ts';

/** The connections of a server or a client that are being served, so that all can be ended and waited for. */
export class Connections {
  readonly #serving = new Map<AbortController, Promise<void>>();
  #last = 0;
  #closed = false;

  get size(): number {
    return this.#serving.size;
  }

  /**
   * Serves one connection.
   * @param serve must not reject. `stop` ends it, for whatever reason; it has freed everything when it resolves.
   */
  start(serve: (connection: number, stop: AbortController) => Promise<void>): void {
    const stop = new AbortController();
    if (this.#closed) stop.abort();
    this.#last += 1;
    const served = serve(this.#last, stop).finally(() => this.#serving.delete(stop));
    this.#serving.set(stop, served);
  }

  /** Ends all, also those that are still to come; resolves when they are gone. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const stop of this.#serving.keys()) stop.abort();
    await Promise.all(this.#serving.values());
  }
}

/**
 * The work, or TUNNEL_CANCELLED some time after `signal` has fired: a relay that was brought along from outside may be
 * stuck for good, and the sockets under it have to be freed all the same.
 */
export function unlessStuck<T>(work: Promise<T>, signal: AbortSignal, clock: Clock): Promise<T> {
  return new Promise((resolve, reject) => {
    let cancel = (): void => undefined;
    const onAbort = (): void => {
      cancel = clock.after(LINGER_MS, () => {
        reject(new TunnelError('TUNNEL_CANCELLED', `Relay did not stop: expected it to within ${LINGER_MS} ms`));
      });
    };
    const settled = (): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
    };
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    work.finally(settled).then(resolve, reject);
  });
}
