/** What the W3C's WebSocket, undici's and that of the `ws` package have in common, and what only `ws` has. */
export interface WebSocketLike {
  /** 0 connecting, 1 open, 2 closing, 3 closed. */
  readonly readyState: number;
  /** Bytes sent but not yet passed to the network. */
  readonly bufferedAmount: number;
  binaryType: string;
  /** @param sent only `ws` calls it: when the bytes have been passed on, or could not be. */
  send(data: Uint8Array, sent?: (error?: Error) => void): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'error', listener: (event: object) => void): void;
  addEventListener(type: 'close', listener: (event: WebSocketCloseEvent) => void): void;
  /** Only `ws`. */
  pause?(): void;
  /** Only `ws`. */
  resume?(): void;
  /** Only `ws`: destroys the connection at once. */
  terminate?(): void;
}

export interface WebSocketCloseEvent {
  readonly code: number;
  readonly reason: string;
}

export const ReadyState = { CONNECTING: 0, OPEN: 1, CLOSING: 2, CLOSED: 3 } as const;

/** `ws`, as it can be told from the outside: it can be paused and terminated, and says when bytes were sent. */
export interface NodeWebSocket extends WebSocketLike {
  pause(): void;
  resume(): void;
  terminate(): void;
}

export function isNodeWebSocket(socket: WebSocketLike): socket is NodeWebSocket {
  return (
    typeof socket.pause === 'function' && typeof socket.resume === 'function' && typeof socket.terminate === 'function'
  );
}
