import type { FlowDirection } from '../tcp-flow.ts';

export type TimeLineKind =
  | 'connected'
  | 'protocol'
  | 'step'
  | 'message'
  | 'control'
  | 'close'
  | 'data'
  | 'gap'
  | 'undecodable'
  | 'end'
  /** Nobody said anything, for `ms`. */
  | 'pause';

/** Something that happened in a conversation; several of a kind, one after another, may be one entry. */
export interface TimeLineEntry {
  readonly kind: TimeLineKind;
  /** Who; null: both, or nobody. */
  readonly direction: FlowDirection | null;
  /** Since the first packet of the capture, in milliseconds. */
  readonly atMs: number;
  /** Of the last one of several; of a pause, its end. */
  readonly untilMs: number;
  /** In the stream of that direction, in bytes. */
  readonly offset: number;
  /** The packet that brought it; 0: none. */
  readonly packet: number;
  /** What it is: `text`, `binary`, `ping`, `GET / HTTP/1.1`, `fin`. */
  readonly what: string;
  /** How many of them, and their bytes together. */
  readonly count: number;
  readonly bytes: number;
  /** How a text begins, if that was asked for. */
  readonly begins: string | null;
}
