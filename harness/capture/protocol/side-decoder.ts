import { printable } from '../../../src/printable.ts';
import { isHttp, isUpgrade, parseHead, type HttpHead } from './http/http-head.ts';
import { MAX_HEAD_BYTES, MAX_SNIFFED_BYTES } from './protocol-limits.ts';
import { SocksReader, socksVersion, type SocksName } from './socks/socks-reader.ts';
import { areFrames, findFrames } from './websocket/find-frames.ts';
import { WebSocketSide, type WebSocketSink } from './websocket/web-socket-side.ts';

/** Where one direction puts what it finds; offsets are in the TCP stream. */
export interface SideSink extends WebSocketSink {
  protocol(name: SocksName | 'http' | 'websocket' | 'permessage-deflate', by: string, offset: number): void;
  step(text: string, offset: number): void;
  data(bytes: Uint8Array, start: number, end: number, offset: number): void;
  /** A head that asks for a WebSocket, or grants one. */
  upgrade(head: HttpHead): void;
}

type State =
  /** It is not known what these bytes are. */
  | { readonly kind: 'sniffing' }
  | { readonly kind: 'socks'; readonly reader: SocksReader }
  | { readonly kind: 'head' }
  | { readonly kind: 'websocket'; readonly side: WebSocketSide }
  /** Bytes of no known protocol, or the body of one. */
  | { readonly kind: 'opaque' };

const SNIFFING: State = { kind: 'sniffing' };
const HEAD: State = { kind: 'head' };
const OPAQUE: State = { kind: 'opaque' };

/** One direction of a connection: finds out what its bytes are, protocol inside protocol, and takes them apart. */
export class SideDecoder {
  readonly #sink: SideSink;
  readonly #isClient: boolean;
  #state: State = SNIFFING;
  /** Bytes that are not understood yet; the first of them is at `#offset`. */
  #kept: Buffer = Buffer.alloc(0);
  #offset = 0;
  #hasGap = false;

  constructor(sink: SideSink, isClient: boolean) {
    this.#sink = sink;
    this.#isClient = isClient;
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    const state = this.#state;
    if (state.kind === 'websocket') {
      state.side.push(bytes, start, end);
      return;
    }
    if (state.kind === 'opaque') {
      this.#sink.data(bytes, start, end, this.#offset);
      this.#offset += end - start;
      return;
    }
    this.#kept = Buffer.concat([this.#kept, bytes.subarray(start, end)]);
    this.#advance(false);
  }

  /** Bytes of the stream are missing. */
  gap(length: number): void {
    // What is kept may turn out to be one.
    if (this.#webSocket === null) this.#advance(true);
    const side = this.#webSocket;
    if (side !== null) {
      side.gap(length);
      return;
    }
    if (this.#state.kind === 'socks' || this.#state.kind === 'head') {
      this.#sink.undecodable(this.#offset, 'a handshake with a gap in it');
      this.#flush();
      this.#state = SNIFFING;
    } else this.#flush();
    this.#hasGap = true;
    this.#offset += length;
  }

  get #webSocket(): WebSocketSide | null {
    return this.#state.kind === 'websocket' ? this.#state.side : null;
  }

  /** The other direction speaks as WebSockets do: so does this one, as soon as it is past its handshake. */
  expectWebSocket(): void {
    if (this.#state.kind !== 'sniffing') return;
    if (this.#kept.length === 0 || isHttp(this.#kept, this.#isClient) === 'no')
      this.#becomeWebSocket('frames in the other direction');
  }

  /** Nothing more comes. */
  end(): void {
    this.#advance(true);
    this.#flush();
  }

  /** @param isLast Nothing more comes that could tell. */
  #advance(isLast: boolean): void {
    for (;;) {
      const state = this.#state;
      switch (state.kind) {
        case 'sniffing':
          if (!this.#sniff(isLast)) return;
          break;
        case 'socks':
          if (!this.#socks(state.reader)) return;
          break;
        case 'head':
          if (!this.#head()) return;
          break;
        case 'websocket':
        case 'opaque':
          this.#flush();
          return;
      }
    }
  }

  /** Returns whether it is known now. */
  #sniff(isLast: boolean): boolean {
    const bytes = this.#kept;
    if (bytes.length === 0) return false;
    const http = this.#hasGap ? 'no' : isHttp(bytes, this.#isClient);
    if (http === 'yes') {
      this.#state = HEAD;
      return true;
    }
    const version = this.#hasGap ? null : socksVersion(bytes, this.#isClient);
    if (version !== null) {
      this.#state = { kind: 'socks', reader: new SocksReader(version, this.#isClient) };
      return true;
    }
    const frames = this.#hasGap ? this.#framesAfterGap() : areFrames(bytes, 0, bytes.length, this.#isClient);
    if (frames === 'yes') {
      this.#becomeWebSocket('frames without a handshake');
      return true;
    }
    const mayBecome = http === 'unsure' || frames === 'unsure' || this.#mayBeSocks();
    if (mayBecome && !isLast && bytes.length < MAX_SNIFFED_BYTES) return false;
    this.#state = OPAQUE;
    return true;
  }

  #mayBeSocks(): boolean {
    const [first] = this.#kept;
    return this.#kept.length < 9 && (first === 5 || first === 4 || (!this.#isClient && first === 0));
  }

  #framesAfterGap(): 'yes' | 'no' | 'unsure' {
    const found = findFrames(this.#kept, 0, this.#kept.length, this.#isClient);
    if (found === -1) return this.#kept.length < MAX_SNIFFED_BYTES ? 'unsure' : 'no';
    if (found > 0) this.#sink.data(this.#kept, 0, found, this.#offset);
    this.#drop(found);
    return 'yes';
  }

  /** Returns whether a step was taken. */
  #socks(reader: SocksReader): boolean {
    const step = reader.step(this.#kept);
    switch (step.kind) {
      case 'more':
        return false;
      case 'wrong':
        this.#sink.undecodable(this.#offset, step.why);
        this.#state = OPAQUE;
        return true;
      case 'taken':
        this.#sink.protocol(reader.name, this.#isClient ? 'request' : 'reply', this.#offset);
        this.#sink.step(step.text, this.#offset);
        this.#drop(step.bytes);
        if (step.isOver) this.#state = SNIFFING;
        return true;
    }
  }

  #head(): boolean {
    const head = parseHead(this.#kept);
    if (head === null) {
      if (this.#kept.length <= MAX_HEAD_BYTES) return false;
      this.#sink.undecodable(this.#offset, `a head of more than ${MAX_HEAD_BYTES} bytes`);
      this.#state = OPAQUE;
      return true;
    }
    this.#sink.protocol('http', this.#isClient ? 'request' : 'response', this.#offset);
    this.#sink.step(printable(head.firstLine), this.#offset);
    this.#drop(head.bytes);
    if (!isUpgrade(head)) {
      // What comes through a proxy is looked at again.
      this.#state = head.firstLine.startsWith('CONNECT ') || isTunnelGranted(head, this.#isClient) ? SNIFFING : OPAQUE;
      return true;
    }
    if (head.headers.get('sec-websocket-extensions')?.includes('permessage-deflate') === true && !this.#isClient)
      this.#sink.protocol('permessage-deflate', 'extension', this.#offset);
    this.#sink.upgrade(head);
    this.#becomeWebSocket(this.#isClient ? 'upgrade' : '101');
    return true;
  }

  #becomeWebSocket(by: string): void {
    this.#sink.protocol('websocket', by, this.#offset);
    const side = new WebSocketSide(this.#sink, { isMasked: this.#isClient, offset: this.#offset });
    this.#state = { kind: 'websocket', side };
    this.#flush();
  }

  /** Gives what is kept to whoever takes it now. */
  #flush(): void {
    const bytes = this.#kept;
    if (bytes.length === 0) return;
    this.#kept = Buffer.alloc(0);
    if (this.#state.kind === 'websocket') this.#state.side.push(bytes, 0, bytes.length);
    else this.#sink.data(bytes, 0, bytes.length, this.#offset);
    this.#offset += bytes.length;
  }

  #drop(length: number): void {
    this.#kept = this.#kept.subarray(length);
    this.#offset += length;
  }
}

/** The answer to CONNECT has no body and no length; nobody else answers so. */
function isTunnelGranted({ firstLine, headers }: HttpHead, isClient: boolean): boolean {
  return (
    !isClient && /^HTTP\/1\.\d 200\b/.test(firstLine) && !headers.has('content-length') && !headers.has('content-type')
  );
}
