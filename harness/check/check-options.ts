import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { PollStream } from '../../src/poll/poll-stream.ts';
import type { StreamCase } from './stream-case.ts';
import type { StreamLaw } from './stream-law.ts';

/** What the factory is given as the inner side, by the name of its kind. */
export interface InnerSides {
  readonly poll: PollStream;
  readonly duplex: Duplex;
  readonly websocket: WebSocket;
}

export type InnerKind = keyof InnerSides;

/** What a factory may return. */
export type CheckedStream =
  | PollStream
  | Duplex
  | { readonly readable: ReadableStream<Uint8Array>; readonly writable: WritableStream<Uint8Array> };

/** Makes the stream under test on top of an inner side; called once for each case. */
export type StreamFactory<Kind extends InnerKind = InnerKind> = (
  inner: InnerSides[Kind],
) => CheckedStream | Promise<CheckedStream>;

export interface CheckOptions<Kind extends InnerKind = InnerKind> {
  /** Default: `poll`. */
  readonly inner?: Kind;
  /** The known-right stream of the far end, where the stream under test frames its bytes. Default: the bytes as they are. */
  readonly peer?: StreamFactory<Kind>;
  /** Whether a direction can end while the other goes on. Default: true; of `websocket`: false, unless there is a peer. */
  readonly carriesHalfClose?: boolean;
  /** The laws that are asked for. Default: all. */
  readonly laws?: readonly StreamLaw[];
  /** From which the cases are made, besides the fixed ones. Default: 1. */
  readonly seed?: number;
  /** How many cases are made, besides the fixed ones. Default: 1000; of `duplex` and `websocket`: 300. */
  readonly runs?: number;
  /** Runs exactly this case, and nothing else. */
  readonly case?: StreamCase;
  /** How many bytes the stream may hold in each direction, beyond what the inner side holds. Default: 1 MiB. */
  readonly maxBufferedBytes?: number;
  /**
   * For a stream with timers of its own, which are to be virtual: called when nothing moves any more, lets time pass up to
   * the next timer, and returns whether there was one.
   */
  readonly onIdle?: () => boolean;
  /** How long a factory's promise may take. Default: 5000. */
  readonly timeoutMs?: number;
  /** Told of each case before it is run, also of those that are tried to make one small. */
  readonly onCase?: (streamCase: StreamCase) => void;
  /** Where the factory is from, so that a reproduction can import it. Default: the reproduction is to be pasted beside the check. */
  readonly origin?: FactoryOrigin;
}

/** What a test has to import to have the same factory. */
export interface FactoryOrigin extends ModuleExport {
  /** What the module exports as `options`, if it does: a reproduction imports it, and says what differs. */
  readonly options?: Partial<CheckOptions>;
  readonly peer?: ModuleExport;
}

export interface ModuleExport {
  /** As the test imports it: `./my-adapter.ts`. */
  readonly module: string;
  /** `default`, or the name of the export. */
  readonly name: string;
}
