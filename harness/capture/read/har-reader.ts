import type { z } from 'zod';
import { printable } from '../../../src/printable.ts';
import { CaptureError } from '../capture-error.ts';
import type { ConversationSink } from '../conversation-event.ts';
import { MAX_HAR_BYTES } from './capture-limits.ts';
import { tellHarConversation } from './har-conversation.ts';
import { Har, WebSocketEntry, type HarWebSocket } from './har-format.ts';

/** A place is where a record begins: the document is one. What is wrong in it is in the message. */
const WHOLE = { fileOffset: 0 } as const;

/** What a browser's developer tools have saved as a HAR: its WebSockets with their messages. JSON has to be read whole. */
export class HarReader {
  readonly #sink: ConversationSink;
  readonly #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(sink: ConversationSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes > MAX_HAR_BYTES) {
      throw new CaptureError('CAPTURE_LIMIT', `HAR too long: expected at most ${MAX_HAR_BYTES} bytes`, {
        fileOffset: MAX_HAR_BYTES,
      });
    }
    // The memory is used again.
    this.#chunks.push(Buffer.from(chunk));
  }

  end(): void {
    const har = Har.safeParse(parsed(Buffer.concat(this.#chunks)));
    this.#chunks.length = 0;
    if (!har.success) throw malformed('Wrong HAR', har.error);
    const { entries } = har.data.log;
    let count = 0;
    for (const [index, entry] of entries.entries()) {
      if (!hasMessages(entry)) continue;
      count += 1;
      const webSocket = WebSocketEntry.safeParse(entry);
      if (!webSocket.success) throw malformed(`Wrong entry ${index} of the HAR`, webSocket.error);
      tellHarConversation(webSocket.data, urlOf(webSocket.data, index), count, this.#sink);
    }
    if (count > 0) return;
    throw new CaptureError(
      'CAPTURE_MALFORMED',
      `No WebSocket in the ${entries.length} entries of the HAR: expected one with _webSocketMessages, which Chrome saves if the developer tools were open before it began`,
      WHOLE,
    );
  }
}

function parsed(bytes: Buffer): unknown {
  try {
    // Some write a byte-order mark, which JSON has not.
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/, ''));
  } catch (cause) {
    const why = cause instanceof Error ? printable(cause.message) : String(cause);
    throw new CaptureError('CAPTURE_MALFORMED', `HAR is no JSON: ${why}`, WHOLE, { cause });
  }
}

function hasMessages(entry: unknown): boolean {
  return typeof entry === 'object' && entry !== null && '_webSocketMessages' in entry;
}

function urlOf({ request }: HarWebSocket, index: number): URL {
  try {
    return new URL(request.url);
  } catch (cause) {
    throw new CaptureError(
      'CAPTURE_MALFORMED',
      `Wrong entry ${index} of the HAR: expected the URL of a WebSocket, got ${printable(request.url)}`,
      WHOLE,
      { cause },
    );
  }
}

function malformed(what: string, error: z.ZodError): CaptureError {
  const [issue] = error.issues;
  const where = issue === undefined ? '' : ` at ${issue.path.join('.')}: ${issue.message}`;
  return new CaptureError('CAPTURE_MALFORMED', printable(`${what}${where}`), WHOLE, { cause: error });
}
