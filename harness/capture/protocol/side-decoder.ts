import { printable } from '../../../src/printable.ts';
import type { Exchange } from './exchange.ts';
import { isHttp, statusOf, type HttpHead } from './http/http-head.ts';
import { HttpReader, type BehindHead } from './http/http-reader.ts';
import { MAX_SNIFFED_BYTES } from './protocol-limits.ts';
import { KeptBytes } from './kept-bytes.ts';
import type { SideAbout, SideSink } from './side-sink.ts';
import { SocksReader } from './socks/socks-reader.ts';
import { socksVersion } from './socks/socks-version.ts';
import { FrameSniffer, type FrameGuess } from './websocket/frame-sniffer.ts';
import { WebSocketSide } from './websocket/web-socket-side.ts';

type State =
  /** It is not known what these bytes are. */
  | { readonly kind: 'sniffing' }
  | { readonly kind: 'socks'; readonly reader: SocksReader }
  | { readonly kind: 'http' }
  /** A WebSocket was asked for: what comes is frames if it was granted, and another request if not. */
  | { readonly kind: 'asked' }
  | { readonly kind: 'websocket'; readonly side: WebSocketSide }
  /** Bytes of no known protocol, or a body without an end. */
  | { readonly kind: 'opaque'; readonly isGuess: boolean };

const SNIFFING: State = { kind: 'sniffing' };
const HTTP: State = { kind: 'http' };
const ASKED: State = { kind: 'asked' };
const BODY_WITHOUT_END: State = { kind: 'opaque', isGuess: false };
const UNKNOWN: State = { kind: 'opaque', isGuess: true };

/** One direction of a connection: finds out what its bytes are, protocol inside protocol, and takes them apart. */
export class SideDecoder {
  readonly #sink: SideSink;
  readonly #isClient: boolean;
  readonly #isMidway: boolean;
  readonly #exchange: Exchange;
  readonly #sniffer: FrameSniffer;
  #http: HttpReader;
  #state: State = SNIFFING;
  readonly #kept = new KeptBytes();
  /** What is kept may begin in the middle of something. */
  #isUnsynced: boolean;
  /** By what the other direction knows that these are frames; null: it does not. */
  #expectedBy: string | null = null;
  #isEnded = false;

  constructor(sink: SideSink, { isClient, isMidway, exchange }: SideAbout) {
    this.#sink = sink;
    this.#isClient = isClient;
    this.#isMidway = isMidway;
    this.#isUnsynced = isMidway;
    this.#exchange = exchange;
    this.#sniffer = new FrameSniffer(isClient, isMidway);
    this.#http = new HttpReader(isClient, exchange);
  }

  push(bytes: Uint8Array, start: number, end: number): void {
    const state = this.#state;
    if (state.kind === 'websocket') {
      state.side.push(bytes, start, end);
      return;
    }
    if (state.kind === 'opaque') {
      this.#sink.data(bytes, start, end, this.#kept.offset);
      this.#kept.offset += end - start;
      return;
    }
    if (this.#isClient) this.#exchange.isClientHeard = true;
    this.#kept.add(bytes, start, end);
    this.#advance(false);
  }

  /** Bytes of the stream are missing. */
  gap(length: number): void {
    if (this.#kept.bytes.length > 0 && (this.#state.kind === 'sniffing' || this.#state.kind === 'asked'))
      this.#advance(true);
    const state = this.#state;
    if (state.kind === 'websocket') {
      state.side.gap(length);
      return;
    }
    const place = state.kind === 'http' ? this.#http.miss(length) : 'unknown';
    if (state.kind === 'socks' || (state.kind === 'http' && !this.#http.isInBody && place === 'unknown'))
      this.#sink.undecodable(this.#kept.offset, 'a handshake with a gap in it');
    else if (state.kind === 'http' && place === 'unknown')
      this.#sink.undecodable(this.#kept.offset, 'a body with a gap in it');
    this.#flush();
    this.#kept.offset += length;
    if (place === 'in the body') return;
    if (place === 'unknown') this.#lose();
    else this.#state = SNIFFING;
  }

  #lose(): void {
    this.#isUnsynced = true;
    this.#sniffer.reset();
    if (this.#state.kind === 'opaque' && !this.#state.isGuess) return;
    this.#http = new HttpReader(this.#isClient, this.#exchange);
    this.#state = SNIFFING;
    if (this.#expectedBy !== null) this.#becomeWebSocket(this.#expectedBy);
  }

  /** The other direction speaks as WebSockets do: so does this one, as soon as it is past its handshake. */
  expectWebSocket(by: string): void {
    if (this.#isEnded || this.#state.kind === 'websocket') return;
    this.#expectedBy = by;
    if (this.#state.kind === 'asked') this.#becomeWebSocket(by);
    else if (this.#state.kind === 'opaque' && this.#state.isGuess) {
      this.#isUnsynced = true;
      this.#becomeWebSocket(by);
    } else this.#advance(false);
  }

  /** Nothing more comes. */
  end(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    if (this.#state.kind === 'http' && this.#kept.bytes.length > 0)
      this.#sink.undecodable(this.#kept.offset, 'a head without its end');
    this.#advance(true);
    this.#flush();
    if (this.#state.kind === 'websocket') this.#state.side.end();
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
        case 'http':
          if (!this.#readHttp()) return;
          break;
        case 'asked':
          if (!this.#answered(isLast)) return;
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
    const bytes = this.#kept.bytes;
    if (bytes.length === 0) return false;
    const http = isHttp(bytes, this.#isClient);
    if (http === 'yes') {
      this.#state = HTTP;
      return true;
    }
    if (this.#expectedBy !== null && (http === 'no' || isLast)) {
      this.#becomeWebSocket(this.#expectedBy);
      return true;
    }
    const socks = this.#isUnsynced && !this.#isMidway ? null : socksVersion(bytes, this.#isClient, this.#exchange);
    if (socks === 4 || socks === 5) {
      if (this.#isClient) this.#exchange.socks = socks;
      this.#state = { kind: 'socks', reader: new SocksReader(socks, this.#isClient, this.#exchange) };
      return true;
    }
    const frames = this.#sniffFrames();
    if (frames === 'yes') return true;
    const mayBecome = http === 'unsure' || socks === 'unsure' || frames === 'unsure';
    if (mayBecome && !isLast && bytes.length < MAX_SNIFFED_BYTES) return false;
    this.#state = UNKNOWN;
    return true;
  }

  /** Midway and after a gap frames may begin somewhere. */
  #sniffFrames(): FrameGuess['kind'] {
    const guess = this.#isUnsynced ? this.#sniffer.contains(this.#kept.bytes) : this.#sniffer.begins(this.#kept.bytes);
    if (guess.kind !== 'yes') return guess.kind;
    if (guess.skippedBytes > 0) this.#sink.data(this.#kept.bytes, 0, guess.skippedBytes, this.#kept.offset);
    this.#kept.drop(guess.skippedBytes);
    this.#isUnsynced = false;
    this.#becomeWebSocket('frames without a handshake', guess.isMasked);
    return 'yes';
  }

  /** Returns whether a step was taken. */
  #socks(reader: SocksReader): boolean {
    const step = reader.step(this.#kept.bytes);
    switch (step.kind) {
      case 'more':
        return false;
      case 'wrong':
        this.#sink.undecodable(this.#kept.offset, step.why);
        this.#state = UNKNOWN;
        return true;
      case 'taken':
        this.#sink.protocol(reader.name, this.#isClient ? 'request' : 'reply', this.#kept.offset);
        this.#sink.step(step.text, this.#kept.offset);
        this.#kept.drop(step.bytes);
        this.#isUnsynced = false;
        if (step.isOver) this.#state = SNIFFING;
        return true;
    }
  }

  #readHttp(): boolean {
    const step = this.#http.step(this.#kept.bytes);
    switch (step.kind) {
      case 'more':
        return false;
      case 'wrong':
        this.#sink.undecodable(this.#kept.offset, step.why);
        this.#state = BODY_WITHOUT_END;
        return true;
      case 'body':
        if (step.bytes > 0) this.#sink.data(this.#kept.bytes, 0, step.bytes, this.#kept.offset);
        this.#kept.drop(step.bytes);
        if (step.isOver) this.#state = SNIFFING;
        return true;
      case 'head':
        this.#sink.protocol('http', this.#isClient ? 'request' : 'response', this.#kept.offset);
        this.#sink.step(printable(step.head.firstLine), this.#kept.offset);
        this.#kept.drop(step.head.bytes);
        this.#isUnsynced = false;
        this.#goOn(step.head, step.behind);
        return true;
    }
  }

  #goOn(head: HttpHead, behind: BehindHead): void {
    switch (behind) {
      case 'body':
        break;
      case 'anything':
        this.#state = SNIFFING;
        break;
      case 'until the end':
        this.#state = BODY_WITHOUT_END;
        break;
      case 'websocket':
        this.#upgrade(head);
        return;
    }
    // Whatever the client has sent early: it was not granted.
    if (!this.#isClient && statusOf(head) >= 200) this.#expectedBy = null;
  }

  #upgrade(head: HttpHead): void {
    if (!this.#isClient && head.headers.get('sec-websocket-extensions')?.includes('permessage-deflate') === true)
      this.#sink.protocol('permessage-deflate', 'extension', this.#kept.offset);
    this.#sink.upgrade(head);
    if (!this.#isClient) this.#becomeWebSocket('101');
    else if (this.#expectedBy === null) this.#state = ASKED;
    else this.#becomeWebSocket(this.#expectedBy);
  }

  /** Another request: it was refused. Frames: it was granted, or will be. */
  #answered(isLast: boolean): boolean {
    if (this.#kept.bytes.length === 0) return false;
    const http = isHttp(this.#kept.bytes, true);
    if (http === 'unsure' && !isLast) return false;
    if (http === 'yes') this.#state = HTTP;
    else this.#becomeWebSocket('upgrade');
    return true;
  }

  #becomeWebSocket(by: string, isMasked = this.#isClient): void {
    this.#sink.protocol('websocket', by, this.#kept.offset);
    const side = new WebSocketSide(this.#sink, {
      isMasked,
      offset: this.#kept.offset,
      isMidway: this.#isMidway,
      isLost: this.#isUnsynced,
    });
    this.#state = { kind: 'websocket', side };
    this.#sniffer.reset();
    this.#flush();
  }

  /** Gives what is kept to whoever takes it now. */
  #flush(): void {
    if (this.#kept.bytes.length === 0) return;
    const { offset, bytes } = this.#kept;
    const segments = this.#kept.take();
    if (this.#state.kind !== 'websocket') this.#sink.data(bytes, 0, bytes.length, offset);
    else for (const segment of segments) this.#state.side.push(segment, 0, segment.length);
  }
}
