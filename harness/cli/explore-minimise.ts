import { basename, join } from 'node:path';
import { Campaign } from '../explore/campaign.ts';
import { capsuleOf, capsuleText } from '../explore/capsule.ts';
import { diagnose } from '../explore/diagnose.ts';
import { minimiseRun } from '../explore/minimise-run.ts';
import { failureName, isSame } from '../explore/run-failure.ts';
import { writeWhole } from '../explore/write-whole.ts';
import { prepareEntry } from '../faults/prepared-entry.ts';
import { findFault } from '../faults/fault-registry.ts';
import type { FaultEntry } from '../faults/fault-plan.ts';
import { counted } from '../report/format-number.ts';
import { Page } from '../report/page.ts';
import { readDocument } from '../scenario/find-documents.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { printable } from '../../src/printable.ts';
import { EXIT_OK, type Io } from './command.ts';
import type { ExploreCommandOptions } from './explore-options.ts';
import { diagnosedText } from './diagnosed-text.ts';
import { savedLines } from './saved-lines.ts';
import { UsageError } from './usage-error.ts';

const MAX_LINE_CHARS = 400;

/**
 * `relayscope explore --minimise FILE`: the smallest scenario with the first failure of that one, as a capsule, and both told.
 * Throws a UsageError for one that does not fail, or not in memory, SCENARIO_UNREADABLE, SCENARIO_MALFORMED, CAPSULE_UNWRITABLE.
 */
export async function minimiseFile(
  file: string,
  { folder, json }: ExploreCommandOptions,
  io: Io,
  versions: Readonly<Record<string, string>>,
): Promise<number> {
  const { scenario } = await readDocument(file);
  const { dialects, seed, live } = scenario;
  if (live !== undefined) throw new UsageError(`Not in memory: expected a scenario without live, got ${file}`);
  const dialect = dialects[0] ?? 'checked';
  const campaign = new Campaign({ seed, dialect, faults: [] });
  const [failure] = campaign.try(scenario).failures;
  if (failure === undefined)
    throw new UsageError(`Nothing to make small: expected a run that breaks a law, got ${file}`);
  const small = minimiseRun(campaign, { ...scenario, dialects: [dialect] }, failure);
  const { failures, result } = campaign.try(small);
  const message = failures.find((one) => isSame(one, failure))?.message ?? failure.message;
  const title = `${failureName(failure)}: ${scenario.title}`;
  const why = diagnose(small, dialect);
  const capsule = capsuleOf({ title, scenario: small, result, versions, why });
  const path = join(folder, `${basename(file).replace(/(?:\.capsule)?\.(?:json|md)$/, '')}.small.capsule.json`);
  const written = await writeWhole(path, capsuleText(capsule), { replace: true });
  if (json)
    io.stdout.write(
      `${JSON.stringify({ schema: 1, ...failure, message, before: scenario, after: capsule, why, path })}\n`,
    );
  else {
    const page = new Page(io, { keepsOn: true });
    page.line(page.paint('bold', failureName(failure)));
    page.row('', printable(message, MAX_LINE_CHARS), 2);
    page.row('  before', aboutOf(scenario), 10);
    page.row('  after', aboutOf(capsule), 10);
    for (const one of why) page.row('  why', diagnosedText(one), 10);
    for (const line of savedLines({ path, written, story: null })) page.line(`  ${line}`);
    page.flush();
  }
  return EXIT_OK;
}

/** `20 faults, 13 entries of the scripts, bufferBytes: short (bytes 2) at b, …` */
function aboutOf({ a, b, plan: { faults }, options }: Scenario): string {
  const entries = [a, b].flatMap(({ read, write, flush, shutdown }) => [read, write, flush, shutdown]);
  const count = entries.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  const parts = [counted(faults.length, 'fault'), counted(count, 'entry', 'entries'), ...Object.keys(options)];
  return printable(
    `${parts.join(', ')}${faults.length === 0 ? '' : `: ${faults.map(faultText).join(', ')}`}`,
    MAX_TEXT_CHARS,
  );
}

const MAX_TEXT_CHARS = 4000;

function faultText(entry: FaultEntry): string {
  const definition = findFault(entry.fault);
  const text = definition === undefined ? entry.fault : prepareEntry(definition, entry).text;
  return entry.side === undefined ? text : `${text} at ${entry.side}`;
}
