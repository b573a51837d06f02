import type { MessagePort } from 'node:worker_threads';
import type { WatchedEnd } from '../../../src/watch/worker-link.ts';
import type { CheckOptions, InnerKind } from '../check-options.ts';
import type { CheckReport } from '../check-report.ts';
import type { StreamCase } from '../stream-case.ts';

/** What a command says of a check, over what the module says itself. */
export type CheckFlags = Pick<CheckOptions, 'inner' | 'carriesHalfClose' | 'laws' | 'seed' | 'runs' | 'case'>;

export interface CheckedModule {
  /** Its absolute path. */
  readonly path: string;
  /** How it is called by whoever asked for it. */
  readonly shown: string;
  readonly name: string;
  /** As a reproduction imports it. */
  readonly specifier: string;
}

/** What the thread of a check is given. */
export interface CheckJob {
  readonly adapter: CheckedModule;
  readonly peer: CheckedModule | null;
  readonly flags: CheckFlags;
  readonly watched: WatchedEnd;
  /** Whoever asked for the check listens at the other end, for `CheckMessage`. */
  readonly port: MessagePort;
}

/** What a check came to, without what cannot cross over to another thread. */
export type PlainReport = Omit<CheckReport, 'text'>;

export type CheckMessage =
  /** The module is loaded, and the check begins. `own`: the options that it exports, with `true` for a function; null: none. */
  | { readonly kind: 'begun'; readonly inner: InnerKind; readonly own: Readonly<Record<string, unknown>> | null }
  /** This case comes next. Told before it is run: it may be the last that is heard. */
  | { readonly kind: 'case'; readonly case: StreamCase }
  | { readonly kind: 'done'; readonly report: PlainReport }
  /** It cannot be checked. */
  | { readonly kind: 'failed'; readonly code: string; readonly message: string };
