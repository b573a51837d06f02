/** A longer message is counted, and its payload is not kept. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** Of messages under way, in all connections together. The payload of one that does not fit is not kept. */
export const MAX_ALL_MESSAGE_BYTES = 512 * 1024 * 1024;
/** A longer head of a request or a response is none. */
export const MAX_HEAD_BYTES = 64 * 1024;
/** The line that says how long a chunk is, extensions included, or a trailer. */
export const MAX_CHUNK_LINE_BYTES = 4096;
/** Requests that wait for their responses. */
export const MAX_PIPELINED_REQUESTS = 1024;
/** So many bytes of a direction are looked at to find out what they are. */
export const MAX_SNIFFED_BYTES = 16 * 1024;
/** After a gap, so many bytes are looked through for the beginning of a frame. */
export const MAX_RESYNC_BYTES = 64 * 1024;
/** Places where a frame may begin that are kept in mind until more is known. */
export const MAX_CANDIDATES = 256;
/** So many frames in a row are looked at, at most. */
export const MAX_WEIGHED_FRAMES = 16;

/*
 * How sure it has to be that bytes are frames, in bits: so many times in 2^n do bytes of chance look like that.
 * Bytes that may be anything; */
export const CONVINCING_BITS = 24;
/** one of thousands of places in bytes that may be anything; */
export const ANYWHERE_BITS = 38;
/** the beginning of a segment in what is known to be a WebSocket; */
export const LIKELY_BITS = 18;
/** the same, when nothing more will come that could tell. */
export const LAST_BITS = 12;
