import type { TunnelHandle } from '../tunnel/listen.ts';
import { formatTarget } from '../tunnel/target.ts';
import type { TunnelEvent } from '../tunnel/tunnel-event.ts';
import type { Io } from './command.ts';

/** What a tunnel tells its person: one line for each thing that happens, or one JSON object. */
export class TunnelLog {
  readonly #io: Io;
  readonly #json: boolean;
  readonly #quiet: boolean;

  constructor(io: Io, { json = false, quiet = false }: { readonly json?: boolean; readonly quiet?: boolean }) {
    this.#io = io;
    this.#json = json;
    this.#quiet = quiet;
  }

  /** @param newToken one that nobody knows yet. */
  listening(role: 'server' | 'client', { address, port }: TunnelHandle, newToken: string | null): void {
    if (this.#json) {
      this.#print({ event: 'listening', role, address, port, ...(newToken === null ? {} : { token: newToken }) });
      return;
    }
    const where = formatTarget({ host: address, port });
    this.#io.stdout.write(role === 'server' ? `Listening on ws://${where}\n` : `Listening for SOCKS5 on ${where}\n`);
    if (newToken !== null) this.#io.stdout.write(`Token, new: ${newToken}\n`);
  }

  warn(warnings: readonly string[]): void {
    for (const warning of warnings) this.#io.stderr.write(`relayscope: warning: ${warning}\n`);
  }

  readonly onEvent = (event: TunnelEvent): void => {
    if (this.#json) {
      const { kind, ...rest } = event;
      this.#print({ event: kind, ...rest });
    } else if (!this.#quiet) {
      this.#io.stderr.write(`${lineOf(event)}\n`);
    }
  };

  #print(record: Record<string, unknown>): void {
    this.#io.stdout.write(`${JSON.stringify({ schema: 1, ...record })}\n`);
  }
}

function lineOf(event: TunnelEvent): string {
  const head = `#${event.connection} ${event.peer} -> ${event.target ?? '?'}`;
  switch (event.kind) {
    case 'opened':
      return `${head}: opened`;
    case 'refused':
      return `${head}: refused: ${event.failure.message} [${event.failure.code}]`;
    case 'ended': {
      const { counts, durationMs, failure } = event;
      const moved = `a -> b ${counts.aToB}, b -> a ${counts.bToA} bytes in ${(durationMs / 1000).toFixed(3)} s`;
      if (failure === null) return `${head}: completed: ${moved}`;
      return `${head}: failed: ${failure.message} [${[failure.code, ...failure.causes].join(', ')}]; ${moved}`;
    }
  }
}
