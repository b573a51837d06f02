import type { Exchange } from '../exchange.ts';
import { MAX_HEAD_BYTES } from '../protocol-limits.ts';
import { requestBody, responseBody, type BodyLength } from './body-length.ts';
import { BodyReader } from './body-reader.ts';
import { isUpgrade, parseHead, PART_OF_END_BYTES, statusOf, type HttpHead } from './http-head.ts';

/** What comes behind a head: a body, another head or another protocol, a WebSocket, or a body up to the end. */
export type BehindHead = 'body' | 'anything' | 'websocket' | 'until the end';

/** What bytes begin with. */
export type HttpStep =
  | { readonly kind: 'more' }
  | { readonly kind: 'wrong'; readonly why: string }
  | { readonly kind: 'head'; readonly head: HttpHead; readonly behind: BehindHead }
  /** So many bytes of a body; `isOver`: its last ones. */
  | { readonly kind: 'body'; readonly bytes: number; readonly isOver: boolean };

const MORE: HttpStep = { kind: 'more' };

/** One side's part in HTTP/1.1: heads, and where their bodies end. */
export class HttpReader {
  readonly #isClient: boolean;
  readonly #exchange: Exchange;
  #body: BodyReader | null = null;
  /** So far the head's end is known not to begin: one that comes a byte at a time is not searched for every byte. */
  #searched = 0;

  constructor(isClient: boolean, exchange: Exchange) {
    this.#isClient = isClient;
    this.#exchange = exchange;
  }

  get isInBody(): boolean {
    return this.#body !== null;
  }

  step(bytes: Buffer): HttpStep {
    return this.#body === null ? this.#head(bytes) : this.#takeBody(this.#body, bytes);
  }

  /** So many bytes are missing. Returns whether it is still known where the body ends. */
  miss(length: number): 'in the body' | 'behind it' | 'unknown' {
    const body = this.#body;
    if (body?.miss(length) !== true) return 'unknown';
    if (!body.isOver) return 'in the body';
    this.#body = null;
    return 'behind it';
  }

  #head(bytes: Buffer): HttpStep {
    const head = parseHead(bytes, this.#searched);
    this.#searched = head === null ? Math.max(0, bytes.length - PART_OF_END_BYTES) : 0;
    if (head !== null)
      return { kind: 'head', head, behind: this.#isClient ? this.#request(head) : this.#response(head) };
    return bytes.length <= MAX_HEAD_BYTES
      ? MORE
      : { kind: 'wrong', why: `a head of more than ${MAX_HEAD_BYTES} bytes` };
  }

  #request(head: HttpHead): BehindHead {
    this.#exchange.asked(head.firstLine.split(' ', 1)[0] ?? '');
    return isUpgrade(head) ? 'websocket' : this.#follow(requestBody(head));
  }

  #response(head: HttpHead): BehindHead {
    const status = statusOf(head);
    // 100 and 103 come before the answer.
    const isBefore = status >= 100 && status < 200 && status !== 101;
    const method = isBefore ? undefined : this.#exchange.answered();
    return isUpgrade(head) ? 'websocket' : this.#follow(responseBody(head, method));
  }

  #follow(length: BodyLength): BehindHead {
    switch (length.kind) {
      case 'bytes':
        if (length.bytes === 0) return 'anything';
        this.#body = new BodyReader(length.bytes);
        return 'body';
      case 'chunked':
        this.#body = new BodyReader(null);
        return 'body';
      case 'tunnel':
        return 'anything';
      case 'until the end':
        return 'until the end';
    }
  }

  #takeBody(body: BodyReader, bytes: Buffer): HttpStep {
    if (body.wrong !== null) return { kind: 'wrong', why: body.wrong };
    if (bytes.length === 0) return MORE;
    const taken = body.take(bytes);
    if (body.isOver) this.#body = null;
    return { kind: 'body', bytes: taken, isOver: body.isOver };
  }
}
