import { RelayscopeError } from '../../src/errors.ts';
import { counted } from '../report/format-number.ts';
import { Page } from '../report/page.ts';
import { printable } from '../../src/printable.ts';
import { failureReport } from '../scenario/failure-report.ts';
import { readDocument } from '../scenario/find-documents.ts';
import type { ScenarioDocument } from '../scenario/parse-scenario.ts';
import { repeatCommand } from '../scenario/repeat-command.ts';
import type { DocumentResult, RunFailure } from '../scenario/run-document.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_STUCK, EXIT_USAGE, type Io } from './command.ts';
import { UsageError } from './usage-error.ts';

/** What nobody comes back from. */
const STUCK: ReadonlySet<string> = new Set(['spinning', 'livelocked', 'parked', 'starved', 'unfinished']);
const MAX_LINE_CHARS = 400;

/** What `relayscope run` tells: failures as they come, then one line, or one object. */
export class RunSummary {
  readonly #io: Io;
  readonly #page: Page;
  readonly #json: boolean;
  readonly #failed: DocumentResult[] = [];
  readonly #malformed: string[] = [];
  #documents = 0;
  #runs = 0;

  constructor(io: Io, json: boolean) {
    this.#io = io;
    this.#page = new Page(io, { keepsOn: true });
    this.#json = json;
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
      this.#io.stderr.write(`relayscope: ${printable(error.message, MAX_LINE_CHARS)} [${error.code}]\n`);
      return null;
    }
  }

  add(result: DocumentResult): void {
    if (result.runs > 0) this.#documents += 1;
    this.#runs += result.runs;
    if (result.failures.length === 0) return;
    this.#failed.push(result);
    if (this.#json) return;
    this.#clear();
    for (const line of failureReport(result)) this.#page.line(printable(line, MAX_LINE_CHARS));
    this.#page.line();
    this.#page.flush();
  }

  /** Says what it came to. @returns the exit code. */
  end(): number {
    this.#clear();
    if (this.#runs === 0 && this.#malformed.length === 0) {
      throw new UsageError('No run: expected a document that has such a dialect, side and chunk size');
    }
    if (this.#json) this.#io.stdout.write(`${JSON.stringify(this.#object())}\n`);
    else {
      this.#page.line(this.#sentence());
      this.#page.flush();
    }
    if (this.#malformed.length > 0) return EXIT_USAGE;
    const failures = this.#failed.flatMap((result) => result.failures);
    if (failures.some(isUnexpectedlyStuck)) return EXIT_STUCK;
    return failures.length > 0 ? EXIT_FAILED : EXIT_OK;
  }

  #sentence(): string {
    const made = `${counted(this.#documents, 'document')}, ${counted(this.#runs, 'run')}`;
    const failures = this.#failed.reduce((sum, result) => sum + result.failures.length, 0);
    const parts = [
      ...(failures === 0 ? [] : [`${counted(failures, 'run')} of ${counted(this.#failed.length, 'document')} failed`]),
      ...(this.#malformed.length === 0 ? [] : [`${counted(this.#malformed.length, 'document')} could not be read`]),
      ...(this.#io.signal.aborted ? ['stopped before the end'] : []),
    ];
    return `${made}: ${parts.length === 0 ? 'all as expected' : parts.join('; ')}`;
  }

  #object(): Record<string, unknown> {
    return {
      schema: 1,
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
    };
  }

  #clear(): void {
    if (this.#io.stderr.isTTY) this.#io.stderr.write('\r\u{1b}[K');
  }
}

function isUnexpectedlyStuck({ run, outcome }: RunFailure): boolean {
  return STUCK.has(outcome) && !STUCK.has(run.expect.outcome);
}
