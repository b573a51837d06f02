/** Lines of an NDJSON trace made by hand; records are numbered from 0. */
export class HandMadeTrace {
  readonly #lines: string[] = [];
  #seq = 0;

  constructor(startedAtMs = 1_700_000_000_000) {
    this.#lines.push(JSON.stringify({ relayscope: 'trace', version: 1, startedAtMs }));
  }

  note(chunk: string, fields: object): this {
    this.#lines.push(JSON.stringify({ chunk, ...fields }));
    return this;
  }

  payload(connection: number, direction: 'a -> b' | 'b -> a', offset: number, bytes: Uint8Array): this {
    return this.note('payload', { connection, direction, offset, bytes: Buffer.from(bytes).toString('base64') });
  }

  /** Records that the trace has lost. */
  lose(records: number): this {
    this.#seq += records;
    this.#lines.push(JSON.stringify({ chunk: 'events', firstSeq: this.#seq }));
    return this;
  }

  event(kind: string, tickMs: number, fields: object): this {
    const place = { pos: 0, cap: 0, read_done: false, need_flush: false, state: 'running' };
    this.#lines.push(JSON.stringify({ seq: this.#seq, kind, connection: 1, tickMs, ...place, ...fields }));
    this.#seq += 1;
    return this;
  }

  write(tickMs: number, direction: 'a -> b' | 'b -> a', n: number | 'pending' | 'failed', fields: object = {}): this {
    const bytes = typeof n === 'number' ? n : 1;
    return this.event('write', tickMs, { direction, n, cap: bytes, offered: bytes, ...fields });
  }

  text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}
