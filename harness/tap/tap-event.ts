import type { CopyCounts } from '../../src/copy/copy-error.ts';

/** What happens to the connections of a tap: `refused`, or `opened` and then `ended`. */
export type TapEvent =
  | { readonly kind: 'opened'; readonly connection: number; readonly a: string; readonly b: string }
  /** There were too many; it was reset. */
  | { readonly kind: 'refused'; readonly a: string; readonly maxConnections: number }
  /** A fault of the plan fires there for the first time. */
  | {
      readonly kind: 'fault';
      readonly connection: number;
      readonly side: 'a' | 'b';
      readonly half: 'read' | 'write';
      readonly fault: string;
    }
  | {
      readonly kind: 'ended';
      readonly connection: number;
      readonly a: string;
      readonly b: string;
      /** Bytes from `a` (who connected) to `b` (the target), and back. */
      readonly counts: CopyCounts;
      readonly durationMs: number;
      /** `completed`, or a code of docs/errors.md. */
      readonly end: string;
      /** What each side saw, for a person. */
      readonly message: string;
    };

/** Called for each event, in order. Must not throw. */
export type OnTapEvent = (event: TapEvent) => void;
