import type { TunnelEvent } from '../../../harness/tunnel/tunnel-event.ts';

type OfKind<K extends TunnelEvent['kind']> = Extract<TunnelEvent, { kind: K }>;

/** Keeps what a tunnel told, and wakes who waits for it. */
export class EventLog {
  readonly events: TunnelEvent[] = [];
  #waiting: (() => void)[] = [];

  readonly onEvent = (event: TunnelEvent): void => {
    this.events.push(event);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  };

  ofKind<K extends TunnelEvent['kind']>(kind: K): OfKind<K>[] {
    return this.events.filter((event): event is OfKind<K> => event.kind === kind);
  }

  /** The nth event of a kind, when it has come. */
  async nth<K extends TunnelEvent['kind']>(kind: K, n = 1): Promise<OfKind<K>> {
    for (;;) {
      const event = this.ofKind(kind)[n - 1];
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        this.#waiting.push(resolve);
      });
    }
  }
}
