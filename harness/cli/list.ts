import { printable } from '../../src/printable.ts';
import { Page, wrap } from '../report/page.ts';
import { EXIT_OK, type Command, type Io } from './command.ts';
import { LIST_TOPICS, type ListEntry, type ListTopic } from './list-topics.ts';
import { nearestName } from '../nearest-name.ts';
import { parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** A text that would get less room than this beside its name stands below it. */
const MIN_TEXT_COLUMNS = 30;

export const list: Command = {
  summary: 'what there is: scenario documents, faults, classes of findings',
  help: `Usage: relayscope list [TOPIC [NAME…]] [--json]

Lists everything that there is of a topic, a line each; without a topic, all of them.

  scenarios [PATH…]   scenario documents; files or folders, by default scenarios, or fixtures/scenarios
  faults [NAME…]      faults that a plan can name; with names, all about these: fields, where they act
  findings [CLASS…]   classes of findings that relayscope why can name; with names, all about these
  --markdown          with findings: the tables of docs/findings.md, as they follow from the documents
  --json              one JSON object: {"schema":1,"scenarios":[{"name","group","summary",…}],…}

Lines are wrapped on a terminal, and never in a pipe, where each has the whole path.

Example: relayscope list faults count
Exit code 0: listed; 2: wrong usage, or a document that cannot be read.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      json: { type: 'boolean' },
      markdown: { type: 'boolean' },
    });
    const [name, ...rest] = positionals;
    if (values.markdown === true) return printMarkdown(name, io);
    const names = name === undefined ? [...LIST_TOPICS.keys()] : [name];
    const listed: Record<string, readonly ListEntry[]> = {};
    const page = new Page(io);
    for (const [index, topicName] of names.entries()) {
      const topic = await topicOf(topicName);
      const entries = name === undefined && topic.isHere?.() === false ? [] : await topic.entries(rest);
      listed[topicName] = entries;
      if (values.json === true) continue;
      if (index > 0) page.line();
      if (rest.length > 0 && topic.details !== undefined) printDetails(page, topic, entries);
      else printList(page, topicName, topic, entries);
    }
    if (values.json === true) io.stdout.write(`${JSON.stringify({ schema: 1, ...listed })}\n`);
    page.flush();
    return EXIT_OK;
  },
};

async function printMarkdown(name: string | undefined, io: Io): Promise<number> {
  const text = name === undefined ? undefined : await (await topicOf(name)).markdown?.();
  if (text === undefined)
    throw new UsageError(`No tables: expected findings before --markdown, got ${name ?? 'nothing'}`);
  io.stdout.write(`${text}\n`);
  return EXIT_OK;
}

async function topicOf(name: string): Promise<ListTopic> {
  const load = LIST_TOPICS.get(name);
  if (load !== undefined) return load();
  const known = [...LIST_TOPICS.keys()];
  const nearest = nearestName(name, known);
  throw new UsageError(
    `Unknown topic: expected one of ${known.join(', ')}, got ${JSON.stringify(name)}${nearest === null ? '' : `; did you mean ${nearest}?`}`,
  );
}

function printList(page: Page, name: string, topic: ListTopic, entries: readonly ListEntry[]): void {
  const isShort = page.columns !== null;
  const nameOf = (entry: ListEntry): string =>
    printable(isShort ? (topic.shortName?.(entry) ?? entry.name) : entry.name);
  const labelColumns = Math.max(...entries.map((entry) => nameOf(entry).length), 0) + 4;
  for (const [group, members] of Map.groupBy(entries, (entry) => entry.group)) {
    page.line(page.paint('bold', printable(topic.heading?.(group) ?? (group === '' ? '.' : group))));
    for (const entry of members) {
      const [label, text] = [`  ${nameOf(entry)}`, printable(entry.summary)];
      if (page.columns === null) page.line(`${label.padEnd(labelColumns)}${text}`);
      else if (page.columns - labelColumns >= MIN_TEXT_COLUMNS) page.row(label, text, labelColumns);
      else {
        page.line(label);
        page.row('', text, 4);
      }
    }
    page.line();
  }
  page.line(page.paint('dim', `${entries.length} ${name}`));
  for (const line of wrap(topic.hint ?? '', page.columns ?? Infinity))
    if (line !== '') page.line(page.paint('dim', line));
}

function printDetails(page: Page, topic: ListTopic, entries: readonly ListEntry[]): void {
  for (const [index, entry] of entries.entries()) {
    if (index > 0) page.line();
    topic.details?.(page, entry);
  }
}
