import type { RelayThreads } from '../../scenario/live/relay-threads.ts';
import type { RunnerSettings } from '../runner-settings.ts';
import type { DocumentOptions } from './document-options.ts';

/** `describe`, or one of its variants: what the tests of a document are put into. */
export type DescribeDocument = (name: string, tests: () => void) => unknown;

/** What the tests of several documents have in common. */
export interface DocumentTestSettings {
  readonly describe: DescribeDocument;
  readonly options: DocumentOptions;
  readonly settings: RunnerSettings;
  /** Who asked for them, as a line of a stack. */
  readonly caller: string;
  /** Of live documents. */
  readonly threads: RelayThreads;
}

/** Where a document is, and who asked for it. */
export interface DocumentPlace {
  readonly file: string;
  /** Its path from the project's root, where the command that repeats it is typed. */
  readonly shown: string;
  readonly caller: string;
}

/** One test: a document in one of its dialects. */
export interface DocumentTest extends DocumentTestSettings, DocumentPlace {
  readonly dialect: string;
}
