/** The tunnel's bounds: what a peer can make it hold, and for how long. */

/** One message, its byte of kind included; the same at both ends, or the longer one's messages are refused. */
export const DEFAULT_MAX_MESSAGE_BYTES = 256 * 1024;

/** Below this, every byte would cost more to frame than to carry; above, one message is a chunk of memory too many. */
export const MESSAGE_BYTES_RANGE = { least: 1024, most: 64 * 1024 * 1024 } as const;

/** Above the first an end stops taking bytes, at the second it goes on. Each direction of each WebSocket has its own. */
export const HIGH_WATER_BYTES = 256 * 1024;
export const LOW_WATER_BYTES = 128 * 1024;

/** The same in messages: a thousand of one byte each cost what half a megabyte costs. */
export const MAX_WAITING_MESSAGES = 1024;

/** How finely a peer may chop one message: into frames, and into TCP segments. */
export const MAX_FRAGMENTS = 1024;
export const MAX_BUFFERED_CHUNKS = 16 * 1024;

/** Connections that are set up, and connections that are still being set up. */
export const DEFAULT_MAX_CONNECTIONS = 1024;
export const MAX_HANDSHAKES = 256;

/** From accepting a connection to the end of its SOCKS or HTTP request. */
export const DEFAULT_HANDSHAKE_TIMEOUT_MS = 10_000;

/** From the request to the answer: at the server the target's, at the client the server's, which comes later. */
export const DEFAULT_DIAL_TIMEOUT_MS = 10_000;
export const DEFAULT_OPEN_TIMEOUT_MS = 15_000;

/** How long a peer may take to hang up after it was told that everything is over. */
export const LINGER_MS = 2000;

/** An idle connection whose peer has vanished is found out by the kernel, beginning after so long. */
export const KEEP_ALIVE_MS = 60_000;

/** The head of an upgrade request. */
export const MAX_HEADER_BYTES = 8 * 1024;

/** Addresses of one name that are tried. */
export const MAX_ADDRESSES = 16;
