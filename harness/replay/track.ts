import type { Direction } from '../../src/poll/direction.ts';
import { CaptureError } from '../capture/capture-error.ts';
import type { FlowDirection } from '../capture/tcp-flow.ts';
import { payloadByte } from '../sim/payload.ts';
import type { MissingBytes, Turn } from './conversation.ts';
import { GrowingBytes } from './growing-bytes.ts';
import { MAX_NOTES, MAX_SAID_BYTES, MAX_TURNS } from './replay-limits.ts';

/** Of the bytes that stand for those that were not captured. */
export const FILL_SEED = 1;
export const DIRECTIONS: readonly [Direction, Direction] = ['a -> b', 'b -> a'];

/** When something was done, and what its side had of the other by then. */
export interface Moment {
  readonly atMs: number;
  /** Bytes of the other side's TCP stream that it had acknowledged; its end counts as one more, as it does for TCP. */
  readonly acknowledged: number;
  /** How far its own TCP stream was known. */
  readonly streamBytes: number;
}

/** Up to `tcp` in the TCP stream, `said` bytes of what is followed had been said. */
interface Mark {
  readonly tcp: number;
  readonly said: number;
}

/** What both sides said at one level of a connection: the bytes, and who waited for what. */
export class Track {
  readonly turns: Turn[] = [];
  readonly missing: MissingBytes[] = [];
  readonly #said: readonly [GrowingBytes, GrowingBytes] = [new GrowingBytes(), new GrowingBytes()];
  readonly #marks: readonly [Mark[], Mark[]] = [[], []];
  /** Which mark was reached by an acknowledgement so far. */
  readonly #reached: [number, number] = [-1, -1];
  /** Where in its TCP stream each side ended; Infinity: it has not. */
  readonly #endsAt: [number, number] = [Infinity, Infinity];

  get said(): [Uint8Array, Uint8Array] {
    return [this.#said[0].whole(), this.#said[1].whole()];
  }

  bytesOf(from: FlowDirection): number {
    return this.#said[from].length;
  }

  /** Throws CAPTURE_LIMIT. */
  say(from: FlowDirection, bytes: Uint8Array, moment: Moment, isText = false): void {
    if (bytes.length === 0) return;
    this.#room(from, bytes.length).set(bytes);
    this.#turn(from, 'bytes', bytes.length, moment, isText);
  }

  /** Says bytes of the seed in place of those that are not known. Throws CAPTURE_LIMIT. */
  fill(from: FlowDirection, length: number, moment: Moment, reason: MissingBytes['reason']): void {
    if (length <= 0) return;
    const offset = this.bytesOf(from);
    const room = this.#room(from, length);
    const direction = DIRECTIONS[from];
    for (let at = 0; at < length; at += 1) room[at] = payloadByte(FILL_SEED, direction, offset + at);
    const last = this.missing.at(-1);
    if (last?.from === from && last.reason === reason && last.offset + last.length === offset)
      this.missing[this.missing.length - 1] = { ...last, length: last.length + length };
    else if (this.missing.length < MAX_NOTES) this.missing.push({ from, offset, length, reason });
    this.#turn(from, 'bytes', length, moment, false);
  }

  /** Nothing more comes from this side. */
  end(from: FlowDirection, kind: 'end' | 'reset', moment: Moment): void {
    if (this.#endsAt[from] !== Infinity) return;
    this.#turn(from, kind, 0, moment, false);
    this.#endsAt[from] = moment.streamBytes;
  }

  #room(from: FlowDirection, length: number): Uint8Array {
    if (this.bytesOf(from) + length > MAX_SAID_BYTES)
      throw new CaptureError('CAPTURE_LIMIT', `Too long to replay: more than ${MAX_SAID_BYTES} bytes in one direction`);
    return this.#said[from].extend(length);
  }

  #turn(from: FlowDirection, kind: Turn['kind'], length: number, moment: Moment, isText: boolean): void {
    const { atMs, acknowledged, streamBytes } = moment;
    const end = this.bytesOf(from);
    this.#marks[from].push({ tcp: streamBytes, said: end });
    const other = from === 0 ? 1 : 0;
    const after = this.#saidAt(other, acknowledged);
    const afterEnd = acknowledged >= this.#endsAt[other];
    this.turns.push({ from, kind, start: end - length, end, after, afterEnd, atMs, isText });
    if (this.turns.length > MAX_TURNS)
      throw new CaptureError('CAPTURE_LIMIT', `Too long to replay: more than ${MAX_TURNS} pieces`);
  }

  /** How much `from` had said by what the other end had of its TCP stream; acknowledgements never go back. */
  #saidAt(from: FlowDirection, tcp: number): number {
    const marks = this.#marks[from];
    let at = this.#reached[from];
    for (let next = marks[at + 1]; next !== undefined && next.tcp <= tcp; next = marks[at + 1]) at += 1;
    this.#reached[from] = at;
    return marks[at]?.said ?? 0;
  }
}
