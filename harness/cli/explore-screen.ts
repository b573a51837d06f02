import { shardText } from '../ci/shard.ts';
import type { ExploreProgress } from '../explore/explore.ts';
import { failureName } from '../explore/run-failure.ts';
import { counted, thousands } from '../report/format-number.ts';
import { Page } from '../report/page.ts';
import type { SavedFinding } from './capsule-folder.ts';
import { budgetText } from './campaign-suites.ts';
import { diagnosedText } from './diagnosed-text.ts';
import { savedLines } from './saved-lines.ts';
import type { Io } from './command.ts';
import type { ExploreCommandOptions } from './explore-options.ts';

const BAR_COLUMNS = 20;
const PLAIN_COLUMNS = 100;
/** The bar is drawn anew so often. */
const EVERY_MS = 100;

/** What `relayscope explore` tells: a bar while it runs, then the findings, or one object. */
export class ExploreScreen {
  readonly #io: Io;
  readonly #options: ExploreCommandOptions;
  #drawnMs = -Infinity;

  constructor(io: Io, options: ExploreCommandOptions) {
    this.#io = io;
    this.#options = options;
  }

  /** The seed comes first: whoever stops it can begin again. */
  begin(): void {
    const { settings, workers, json, ci, from, runs } = this.#options;
    const { seed, dialect, faults } = settings;
    const part = ci.shard === null ? '' : `, part ${shardText(ci.shard)}: ${counted(runs, 'run')} from ${from} on`;
    if (!json)
      this.#io.stdout.write(
        `Seed ${seed}, ${dialect}, ${counted(faults.length, 'kind')} of faults, ${counted(workers, 'thread')}${part}\n`,
      );
  }

  /** On a terminal alone. */
  progress(progress: ExploreProgress): void {
    const { stderr } = this.#io;
    if (!stderr.isTTY || progress.elapsedMs - this.#drawnMs < EVERY_MS) return;
    this.#drawnMs = progress.elapsedMs;
    const line = barOf(progress, this.#options);
    // A terminal that says that it has none has told nothing.
    const columns = stderr.columns === undefined || stderr.columns === 0 ? PLAIN_COLUMNS : stderr.columns;
    stderr.write(`\r\u{1b}[K${line.slice(0, Math.max(1, columns - 1))}`);
  }

  /** @param isUp its budget was used up before all runs were made. */
  end(done: ExploreProgress, saved: readonly SavedFinding[], isUp: boolean): void {
    if (this.#io.stderr.isTTY) this.#io.stderr.write('\r\u{1b}[K');
    if (this.#options.json) this.#io.stdout.write(`${JSON.stringify(this.#object(done, saved, isUp))}\n`);
    else this.#print(done, saved, isUp);
  }

  #print(done: ExploreProgress, saved: readonly SavedFinding[], isUp: boolean): void {
    const { runs, elapsedMs, findings } = done;
    const page = new Page(this.#io, { keepsOn: true });
    for (const [index, { what, direction, message, run, count, faults, why }] of findings.list.entries()) {
      page.line(page.paint('bold', failureName({ what, direction })));
      page.row('', message, 2);
      page.row(
        '',
        `faults: ${faults.length === 0 ? 'none' : faults.join(', ')}; first in run ${run}, ${thousands(count)} in all`,
        2,
      );
      for (const one of why) page.row('  why', diagnosedText(one), 7);
      for (const line of savedLines(saved[index])) page.line(`  ${line}`);
      page.line();
    }
    if (findings.unkept > 0)
      page.line(`${thousands(findings.unkept)} more runs failed in other ways, for which there was no room`);
    const found = findings.list.length;
    const rate = elapsedMs > 0 ? `, ${thousands(Math.round((runs / elapsedMs) * 1000))} a second` : '';
    const stopped = this.#io.signal.aborted ? ' Stopped before the end.' : '';
    const result =
      found === 0 ? 'no run failed' : `${thousands(findings.failedRuns)} failed, ${counted(found, 'finding')}`;
    if (isUp) page.line(`Not to the end: ${budgetText(done, this.#options)}`);
    page.line(`${counted(runs, 'run')} in ${(elapsedMs / 1000).toFixed(1)} s${rate}: ${result}.${stopped}`);
    page.flush();
  }

  #object(
    { runs, elapsedMs, findings }: ExploreProgress,
    saved: readonly SavedFinding[],
    isUp: boolean,
  ): Record<string, unknown> {
    const { settings, from, ci } = this.#options;
    return {
      schema: 1,
      ...settings,
      ...(ci.shard === null ? {} : { shard: shardText(ci.shard) }),
      from,
      runs,
      seconds: elapsedMs / 1000,
      stopped: this.#io.signal.aborted || isUp,
      failedRuns: findings.failedRuns,
      unkept: findings.unkept,
      findings: findings.list.map((finding, index) => ({ ...finding, path: saved[index]?.path ?? null })),
    };
  }
}

function barOf({ runs, elapsedMs, findings }: ExploreProgress, { runs: all, timeMs }: ExploreCommandOptions): string {
  const share = Math.min(1, Math.max(runs / all, elapsedMs / timeMs));
  const full = Math.round(share * BAR_COLUMNS);
  const left = share > 0 ? `, ${Math.ceil((elapsedMs * (1 - share)) / share / 1000)} s left` : '';
  const rate = thousands(Math.round((runs / Math.max(1, elapsedMs)) * 1000));
  const bar = `${'#'.repeat(full)}${'.'.repeat(BAR_COLUMNS - full)}`;
  return `[${bar}] ${thousands(runs)} runs, ${rate} a second, ${findings.list.length} findings${left}`;
}
