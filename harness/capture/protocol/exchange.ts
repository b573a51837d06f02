import { MAX_PIPELINED_REQUESTS } from './protocol-limits.ts';

export type SocksCommand = 'CONNECT' | 'BIND' | 'UDP ASSOCIATE';

/** What one direction of a connection has to know of the other. */
export class Exchange {
  /** The version that the client has begun with; null: it has begun with something else, or nothing yet. */
  socks: 4 | 5 | null = null;
  socksCommand: SocksCommand | null = null;
  /** The authentication that the server has chosen; null: it has not been seen. */
  socksMethod: number | null = null;
  /** Whether there is a client to be heard: otherwise the server's words have to tell everything. */
  isClientHeard = false;
  readonly #methods: string[] = [];

  asked(method: string): void {
    if (this.#methods.length < MAX_PIPELINED_REQUESTS) this.#methods.push(method);
  }

  /** The method of the request that is answered next; undefined: it was not captured. */
  answered(): string | undefined {
    return this.#methods.shift();
  }
}
