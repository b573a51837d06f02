import { Page } from '../report/page.ts';
import { printable } from '../../src/printable.ts';
import { EXIT_OK, type Command, type Io } from './command.ts';
import { LIST_TOPICS, type ListEntry } from './list-topics.ts';
import { parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

export const list: Command = {
  summary: 'what there is: scenario documents, faults',
  help: `Usage: relayscope list [TOPIC [PATH…]] [--json]

Lists everything that there is of a topic, a line each; without a topic, all of them.

  scenarios [PATH…]   scenario documents; files or folders, by default fixtures/scenarios
  faults              faults that a plan can name; --json has their parameters and where they act
  --json              one JSON object: {"schema":1,"scenarios":[{"name","group","summary",…}],…}

Example: relayscope list scenarios fixtures/scenarios/story
Exit code 0: listed; 2: wrong usage, or a document that cannot be read.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { json: { type: 'boolean' } });
    const [topic, ...paths] = positionals;
    const names = topic === undefined ? [...LIST_TOPICS.keys()] : [topic];
    const listed = new Map<string, ListEntry[]>();
    for (const name of names) {
      const load = LIST_TOPICS.get(name);
      if (load === undefined) {
        const known = [...LIST_TOPICS.keys()].join(', ');
        throw new UsageError(`Unknown topic: expected one of ${known}, got ${JSON.stringify(name)}`);
      }
      listed.set(name, await (await load()).entries(paths));
    }
    if (values.json === true) io.stdout.write(`${JSON.stringify({ schema: 1, ...Object.fromEntries(listed) })}\n`);
    else print(listed, io);
    return EXIT_OK;
  },
};

function print(listed: ReadonlyMap<string, readonly ListEntry[]>, io: Io): void {
  const page = new Page(io);
  for (const [topic, entries] of listed) {
    if (listed.size > 1) page.line(page.paint('bold', topic));
    const width = Math.max(...entries.map(({ name }) => name.length), 0);
    let group: string | null = null;
    for (const entry of entries) {
      if (group !== null && group !== entry.group) page.line();
      group = entry.group;
      page.line(`${printable(entry.name).padEnd(width)}  ${printable(entry.summary)}`);
    }
    page.line(page.paint('dim', `${entries.length} ${topic}`));
    if (listed.size > 1) page.line();
  }
  page.flush();
}
