import type { ConnectionNote, EndNote, Payload, SocketsNote, StackNote, TraceAbout, Verdict } from './trace-note.ts';

/**
 * What a reader of traces gets, in the order of the file, whatever form the file has (`.trace`, NDJSON, printed text).
 *
 * `records`: raw records of eight 32-bit words each (ring-layout.ts), with consecutive sequence numbers from `firstSeq`
 * on; `decodeRecords` makes events of them. Records that a writer took back later are not among them. A jump of
 * `firstSeq` means that so many records are missing. The words belong to the reader and are used again after the next
 * item has been asked for.
 */
export type TraceItem =
  | { readonly kind: 'about'; readonly about: TraceAbout }
  | { readonly kind: 'records'; readonly firstSeq: number; readonly words: Int32Array }
  | { readonly kind: 'string'; readonly id: number; readonly text: string }
  | { readonly kind: 'connection'; readonly note: ConnectionNote }
  | { readonly kind: 'stack'; readonly note: StackNote }
  | { readonly kind: 'sockets'; readonly note: SocketsNote }
  | { readonly kind: 'verdict'; readonly verdict: Verdict }
  | { readonly kind: 'payload'; readonly payload: Payload }
  | { readonly kind: 'end'; readonly note: EndNote }
  /** Something in the file could not be read, or was not known; reading went on after it, or ended there. */
  | { readonly kind: 'warning'; readonly offset: number; readonly message: string };
