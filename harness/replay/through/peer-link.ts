/** What a peer of a replay is told by its connection. */
export interface PeerEvents {
  /** Borrowed. */
  data(bytes: Uint8Array): void;
  /** The other end has ended, or the connection is closed: nothing more comes. */
  end(): void;
  /** The connection is closed for good. */
  close(): void;
  /** @param code of what broke it. */
  failed(code: string): void;
}

/** One end of a connection to a relay, whatever it speaks. */
export interface PeerLink {
  /** Whether one direction can end, and the other go on. */
  readonly hasHalfClose: boolean;
  /** Tells of all that has come, and comes. Called once. */
  listen(events: PeerEvents): void;
  /** Resolves when more can be said. */
  say(bytes: Uint8Array, isText: boolean): Promise<void>;
  end(): void;
  reset(): void;
  destroy(): void;
}
