import { constants, inflateRawSync } from 'node:zlib';
import { MAX_MESSAGE_BYTES } from '../protocol-limits.ts';

/** What a sender leaves away at the end of each compressed message (RFC 7692, section 7.2.1). */
const TAIL = Buffer.from([0x00, 0x00, 0xff, 0xff]);
const WINDOW_BYTES = 32_768;
const NOTHING = Buffer.alloc(0);

/**
 * One direction of permessage-deflate, with the messages before as the context. Which settings were negotiated does not matter:
 * who compresses without that context, or with a smaller window, only refers to less of it.
 */
export class Inflater {
  #window: Buffer = NOTHING;

  /** A message is not known: those that refer to it cannot be inflated; those that do not still can. */
  forget(): void {
    this.#window = NOTHING;
  }

  /** The message, or why it cannot be had. */
  inflate(payload: Uint8Array): { readonly bytes: Buffer } | { readonly why: string } {
    try {
      const bytes = inflateRawSync(Buffer.concat([payload, TAIL]), {
        finishFlush: constants.Z_SYNC_FLUSH,
        maxOutputLength: MAX_MESSAGE_BYTES,
        ...(this.#window.length > 0 ? { dictionary: this.#window } : {}),
      });
      this.#window = latest(this.#window, bytes);
      return { bytes };
    } catch (error) {
      this.forget();
      return { why: reasonOf(error) };
    }
  }
}

/** In memory of its own: a part of the message would keep all of it alive for as long as the connection is open. */
function latest(window: Buffer, bytes: Buffer): Buffer {
  const rest = Math.max(0, WINDOW_BYTES - bytes.length);
  return Buffer.concat([rest === 0 ? NOTHING : window.subarray(-rest), bytes.subarray(-WINDOW_BYTES)]);
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') return `a message that inflates to more than ${MAX_MESSAGE_BYTES} bytes`;
  const text = error instanceof Error ? error.message : String(error);
  return text.includes('too far back')
    ? 'a compressed message that refers to one that is not known'
    : `a compressed message that is damaged: ${text}`;
}
