import { SocketState } from '../trace/event-kind.ts';
import type { StreamError } from './stream-error.ts';

/** What a trace is told of a Duplex that carries no more: closed without an error it was by this program, and not by its peer. */
export function stateOf(failure: StreamError): number {
  return failure.code === 'DUPLEX_CLOSED' ? SocketState.CLOSED : SocketState.FAILED;
}
