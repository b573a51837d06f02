import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { epochMs } from '../poll/clock.ts';
import { Recorder, type RecorderOptions } from '../trace/recorder.ts';
import type { TraceItem } from '../trace/trace-item.ts';
import { answerPings } from './answer-pings.ts';
import { makePulse } from './pulse.ts';

/** The Worker's end of a link to its supervisor: to be handed over in `workerData`. */
export interface WatchedEnd {
  readonly pulse: Int32Array<SharedArrayBuffer>;
  readonly port: MessagePort;
}

/** What a supervisor and a Worker share, made before the Worker starts. */
export interface WorkerLink {
  readonly watched: WatchedEnd;
  /** For `transferList`, beside `watched` in `workerData`. */
  readonly transferList: [MessagePort];
  /** The supervisor's end. */
  readonly port: MessagePort;
}

/** What a Worker tells its supervisor: first that it has joined, then what its recorder notes. */
export type WorkerMessage =
  { readonly kind: 'joined'; readonly joined: WorkerJoined } | { readonly kind: 'append'; readonly item: TraceItem };

export interface WorkerJoined {
  readonly ring: SharedArrayBuffer;
  readonly startedEpochMs: number;
}

export function workerLink(): WorkerLink {
  const { port1, port2 } = new MessageChannel();
  return { watched: { pulse: makePulse(), port: port2 }, transferList: [port2], port: port1 };
}

/**
 * Called in the Worker, with what came in its `workerData`: from here on the supervisor sees when this thread freezes, and
 * can read what the recorder has recorded. Does not keep the Worker alive.
 */
export function joinWatch({ port, pulse }: WatchedEnd, options: RecorderOptions = {}): Recorder {
  const startedEpochMs = epochMs();
  const recorder = new Recorder(options);
  const tell = (message: WorkerMessage): void => {
    port.postMessage(message);
  };
  tell({ kind: 'joined', joined: { ring: recorder.buffer, startedEpochMs } });
  recorder.notes.listen((item) => {
    tell({ kind: 'append', item });
  });
  answerPings(port, pulse);
  return recorder;
}
