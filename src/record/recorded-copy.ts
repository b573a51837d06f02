import { ambientRecorder } from '../trace/ambient-recorder.ts';
import type { ConnectionNote } from '../trace/trace-note.ts';
import type { PayloadRecorder } from '../trace/payload-recorder.ts';
import type { Recorder } from '../trace/recorder.ts';
import { RecordedDirection } from './recorded-direction.ts';

export interface RecordedCopyOptions extends Pick<ConnectionNote, 'a' | 'b'> {
  /** Default: the ambient one (`relayscope/register` sets it), and without that none. null: none. */
  readonly recorder?: Recorder | null;
}

/** Where a stream stands in its copy, for `recordDuplex` and `recordWebSocket`. */
export interface RecordStreamOptions {
  readonly copy: RecordedCopy;
  /** What is read from `a` goes to `b`. */
  readonly side: 'a' | 'b';
}

/** What one stream of a copy is recorded into. */
export interface RecordedSide {
  readonly reads: RecordedDirection;
  readonly writes: RecordedDirection;
  /** Keeps bytes that are about to be written, if they are asked for. */
  keep(bytes: () => Uint8Array): void;
  /** The stream is closed. @param failure why, if it was not as it should be. */
  closed(failure: StreamEnd | null): void;
}

export interface StreamEnd {
  /** A code of docs/errors.md. */
  readonly code: string;
  readonly message: string;
}

/**
 * A copy that somebody else makes (a `pipe`, a loop of their own), recorded as far as its streams show it. One for each
 * connection; its streams are then handed to `recordDuplex` and `recordWebSocket`, both or one of them.
 *
 * @example
 * const copy = new RecordedCopy({ recorder, a: 'client', b: 'origin' });
 * recordDuplex(inbound, { copy, side: 'a' });
 * recordDuplex(outbound, { copy, side: 'b' });
 * inbound.pipe(outbound).pipe(inbound);
 */
export class RecordedCopy {
  /** Its number in the recorder's trace; 0 without one. */
  readonly connection: number;
  readonly #recorder: Recorder | null;
  readonly #payload: PayloadRecorder | null;
  readonly #directions: readonly [RecordedDirection, RecordedDirection] | null;
  #open = 0;
  #failure: StreamEnd | null = null;

  constructor(options: RecordedCopyOptions = {}) {
    const recorder = options.recorder === undefined ? ambientRecorder() : options.recorder;
    const { a, b } = options;
    const ends = { ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) };
    this.#recorder = recorder;
    this.#payload = recorder?.payload ?? null;
    this.connection = recorder?.openConnection({ ...ends, sight: 'streams' }) ?? 0;
    this.#directions =
      recorder === null
        ? null
        : [
            new RecordedDirection('a -> b', recorder, this.connection),
            new RecordedDirection('b -> a', recorder, this.connection),
          ];
  }

  /** For one more stream of this copy; null: nobody records. The connection is over when all of them are closed. */
  join(side: 'a' | 'b'): RecordedSide | null {
    if (this.#directions === null) return null;
    const [aToB, bToA] = this.#directions;
    const direction = side === 'a' ? 'b -> a' : 'a -> b';
    this.#open += 1;
    let isOpen = true;
    return {
      reads: side === 'a' ? aToB : bToA,
      writes: side === 'a' ? bToA : aToB,
      keep: (bytes) => {
        const payload = this.#payload;
        if (payload === null) return;
        const all = bytes();
        payload.took(
          this.connection,
          direction,
          payload.offer(this.connection, direction, all, 0, all.byteLength),
          all.byteLength,
        );
      },
      closed: (failure) => {
        if (!isOpen) return;
        isOpen = false;
        this.#closed(failure);
      },
    };
  }

  #closed(failure: StreamEnd | null): void {
    this.#failure ??= failure;
    this.#open -= 1;
    if (this.#open > 0) return;
    const { code: end = 'completed', message } = this.#failure ?? {};
    this.#recorder?.closeConnection(this.connection, { end, ...(message === undefined ? {} : { message }) });
  }
}
