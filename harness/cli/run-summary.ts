import { RelayscopeError } from '../../src/errors.ts';
import { epochMs, isoOf } from '../../src/poll/clock.ts';
import { printable } from '../../src/printable.ts';
import type { ReportSuite } from '../ci/report-suite.ts';
import { shardText } from '../ci/shard.ts';
import { writeReports } from '../ci/write-reports.ts';
import { counted } from '../report/format-number.ts';
import { Page } from '../report/page.ts';
import { failureReport } from '../scenario/failure-report.ts';
import { readDocument } from '../scenario/find-documents.ts';
import type { ScenarioDocument } from '../scenario/parse-scenario.ts';
import { repeatCommand } from '../scenario/repeat-command.ts';
import type { DocumentResult, RunFailure } from '../scenario/run-document.ts';
import type { CiOptions } from './ci-options.ts';
import { EXIT_BUDGET, EXIT_FAILED, EXIT_OK, EXIT_STUCK, EXIT_USAGE, type Io } from './command.ts';
import { documentSuite, malformedSuite, unrunSuite } from './document-suite.ts';
import { UsageError } from './usage-error.ts';

/** What nobody comes back from. */
const STUCK: ReadonlySet<string> = new Set(['spinning', 'livelocked', 'parked', 'starved', 'unfinished']);
const MAX_LINE_CHARS = 400;
/** Of the documents that were not run, so many by name; a report has all. */
const MAX_NAMED = 20;

export interface RunSummaryOptions extends Pick<CiOptions, 'shard' | 'junit' | 'github'> {
  readonly json: boolean;
}

/** What `relayscope run` tells: failures as they come, then one line, or one object, and the reports that a CI reads. */
export class RunSummary {
  readonly #io: Io;
  readonly #page: Page;
  readonly #options: RunSummaryOptions;
  readonly #timestamp = isoOf(epochMs());
  readonly #failed: DocumentResult[] = [];
  readonly #malformed: string[] = [];
  readonly #cut: DocumentResult[] = [];
  readonly #suites: ReportSuite[] = [];
  #unrun: readonly string[] = [];
  #documents = 0;
  #runs = 0;

  constructor(io: Io, options: RunSummaryOptions) {
    this.#io = io;
    this.#page = new Page(io, { keepsOn: true });
    this.#options = options;
  }

  /** On a terminal alone. */
  progress(done: number, all: number): void {
    if (!this.#io.stderr.isTTY) return;
    this.#io.stderr.write(`\r\u{1b}[K${done} of ${counted(all, 'document')}, ${counted(this.#runs, 'run')}`);
  }

  /** Reads a document; one that cannot be read is told, and counts at the end. */
  async read(file: string): Promise<ScenarioDocument | null> {
    try {
      return await readDocument(file);
    } catch (error) {
      if (!(error instanceof RelayscopeError)) throw error;
      this.#clear();
      this.#malformed.push(error.message);
      this.#suites.push(malformedSuite(file, error));
      this.#io.stderr.write(`relayscope: ${printable(error.message, MAX_LINE_CHARS)} [${error.code}]\n`);
      return null;
    }
  }

  /** @param timeUp says what has cut it short, if anything has. */
  add(result: DocumentResult, timeUp: string): void {
    if (result.runs > 0) this.#documents += 1;
    this.#runs += result.runs;
    const cutBy = this.#reason(timeUp);
    if (result.runs + result.left > 0) this.#suites.push(documentSuite(result, cutBy));
    if (result.failures.length > 0) this.#failed.push(result);
    if (result.left > 0) this.#cut.push(result);
    if (this.#options.json) return;
    const lines = failureReport(result);
    const { document, runs, left } = result;
    if (left > 0) lines.push(`${document.file}: ${cutBy}, after ${counted(runs, 'run')} of ${runs + left}`);
    if (lines.length === 0) return;
    this.#clear();
    for (const line of lines) this.#page.line(printable(line, MAX_LINE_CHARS));
    this.#page.line();
    this.#page.flush();
  }

  /** There was no time for these. */
  leave(files: readonly string[], timeUp: string): void {
    this.#unrun = files;
    const reason = this.#reason(timeUp);
    for (const file of files) this.#suites.push(unrunSuite(file, `Not run: ${reason}`));
    // Whoever has stopped it knows.
    if (this.#options.json || this.#io.signal.aborted) return;
    this.#clear();
    const named = files.slice(0, MAX_NAMED);
    for (const file of named) this.#page.line(printable(`${file}: not run, ${reason}`, MAX_LINE_CHARS));
    if (files.length > named.length) this.#page.line(`… and ${files.length - named.length} more`);
    this.#page.line();
    this.#page.flush();
  }

  /**
   * Says what it came to, and writes the reports. Throws REPORT_UNWRITABLE.
   *
   * @param mayBeEmpty other shards have what there is to run.
   * @returns the exit code.
   */
  async end({ mayBeEmpty }: { readonly mayBeEmpty: boolean }): Promise<number> {
    this.#clear();
    if (this.#suites.length === 0 && !mayBeEmpty) {
      throw new UsageError('No run: expected a document that has such a dialect, side and chunk size');
    }
    const { json, shard } = this.#options;
    if (json) this.#io.stdout.write(`${JSON.stringify(this.#object())}\n`);
    else {
      this.#page.line(this.#sentence());
      this.#page.flush();
    }
    const name = shard === null ? 'relayscope run' : `relayscope run ${shardText(shard)}`;
    await writeReports(this.#suites, { name, timestamp: this.#timestamp }, this.#options, this.#io);
    if (this.#malformed.length > 0) return EXIT_USAGE;
    const failures = this.#failed.flatMap((result) => result.failures);
    if (failures.some(isUnexpectedlyStuck)) return EXIT_STUCK;
    if (failures.length > 0) return EXIT_FAILED;
    const isUp = this.#cut.length + this.#unrun.length > 0 && !this.#io.signal.aborted;
    return isUp ? EXIT_BUDGET : EXIT_OK;
  }

  #reason(timeUp: string): string {
    return this.#io.signal.aborted ? 'the command was stopped' : timeUp;
  }

  #sentence(): string {
    const made = `${counted(this.#documents, 'document')}, ${counted(this.#runs, 'run')}`;
    const failures = this.#failed.reduce((sum, result) => sum + result.failures.length, 0);
    const parts = [
      ...(failures === 0 ? [] : [`${counted(failures, 'run')} of ${counted(this.#failed.length, 'document')} failed`]),
      ...(this.#malformed.length === 0 ? [] : [`${counted(this.#malformed.length, 'document')} could not be read`]),
      ...(this.#cut.length === 0 || this.#io.signal.aborted
        ? []
        : [`${counted(this.#cut.length, 'document')} not to the end`]),
      ...(this.#unrun.length === 0 || this.#io.signal.aborted
        ? []
        : [`${counted(this.#unrun.length, 'document')} not run`]),
      ...(this.#io.signal.aborted ? ['stopped before the end'] : []),
    ];
    const { shard } = this.#options;
    const part = shard === null ? '' : `part ${shardText(shard)}: `;
    return `${part}${made}: ${parts.length === 0 ? 'all as expected' : parts.join('; ')}`;
  }

  #object(): Record<string, unknown> {
    const { shard } = this.#options;
    return {
      schema: 1,
      ...(shard === null ? {} : { shard: shardText(shard) }),
      documents: this.#documents,
      runs: this.#runs,
      failed: this.#failed.length,
      malformed: this.#malformed,
      failures: this.#failed.flatMap(({ document: { file }, failures }) =>
        failures.map(({ run, mismatches, outcome, waits, findings }) => ({
          file,
          dialect: run.dialect,
          swapped: run.swapped,
          chunkBytes: run.chunkBytes,
          seed: run.scenario.seed,
          outcome,
          mismatches,
          waits,
          findings,
          repeat: repeatCommand(file, run),
        })),
      ),
      cut: this.#cut.map(({ document: { file }, runs, left }) => ({ file, runs, left })),
      unrun: this.#unrun,
    };
  }

  #clear(): void {
    if (this.#io.stderr.isTTY) this.#io.stderr.write('\r\u{1b}[K');
  }
}

function isUnexpectedlyStuck({ run, outcome }: RunFailure): boolean {
  return STUCK.has(outcome) && !STUCK.has(run.expect.outcome);
}
