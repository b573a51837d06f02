import type { CopyCounts } from '../../src/copy/copy-error.ts';
import type { FailureDescription } from './describe-failure.ts';

interface OfConnection {
  /** Counts from 1 within one server or client. */
  readonly connection: number;
  /** Address and port of who connected. */
  readonly peer: string;
}

/** What happens to a connection, for a log: `refused`, or `opened` and then `ended`. */
export type TunnelEvent =
  | (OfConnection & { readonly kind: 'opened'; readonly target: string })
  /** It never came to a relay. The target is null if none was named. */
  | (OfConnection & { readonly kind: 'refused'; readonly target: string | null; readonly failure: FailureDescription })
  | (OfConnection & {
      readonly kind: 'ended';
      readonly target: string;
      /** Bytes towards the target (`aToB`) and back; when it failed, as far as the failure says. */
      readonly counts: CopyCounts;
      readonly durationMs: number;
      /** null: both directions came to their end. */
      readonly failure: FailureDescription | null;
    });

/** Called for each event, in order. Must not throw. */
export type OnTunnelEvent = (event: TunnelEvent) => void;
