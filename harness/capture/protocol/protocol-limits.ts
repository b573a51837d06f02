/** A longer message is counted, and its payload is not kept. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
/** A longer head of a request or a response is none. */
export const MAX_HEAD_BYTES = 64 * 1024;
/** So many bytes of a direction are looked at to find out what they are. */
export const MAX_SNIFFED_BYTES = 16 * 1024;
/** After a gap, so many bytes are looked through for the beginning of a frame. */
export const MAX_RESYNC_BYTES = 64 * 1024;
/** So many frames in a row are no accident. */
export const CONVINCING_FRAMES = 3;
