import { dirname, relative } from 'node:path';
import { parameterTexts } from '../faults/describe-fault.ts';
import { FAULTS } from '../faults/fault-registry.ts';
import { findDocuments, readDocument, SCENARIOS_FOLDER } from '../scenario/find-documents.ts';
import { UsageError } from './usage-error.ts';

/** One line of a list, and the object that --json makes of it. */
export interface ListEntry {
  readonly name: string;
  /** Entries of the same group stand under one heading. */
  readonly group: string;
  readonly summary: string;
  readonly [detail: string]: unknown;
}

/** Something that `relayscope list` knows. */
export interface ListTopic {
  /** One line for the help. */
  readonly summary: string;
  /** @param paths are those that were named after the topic. */
  entries(paths: readonly string[]): Promise<ListEntry[]>;
}

const scenarios: ListTopic = {
  summary: `scenario documents; PATH… are files or folders, by default ${SCENARIOS_FOLDER}`,
  async entries(paths) {
    const places = paths.length === 0 ? [SCENARIOS_FOLDER] : paths;
    const files = await findDocuments(places);
    const documents = await Promise.all(files.map(readDocument));
    return documents.map(({ file, scenario: { title, dialects, expect } }) => ({
      name: relative('.', file),
      group: relative('.', dirname(file)),
      summary: title,
      dialects,
      outcome: expect.outcome,
    }));
  },
};

const faults: ListTopic = {
  summary: 'faults that a plan can name',
  entries(paths) {
    const [path] = paths;
    if (path !== undefined) throw new UsageError(`Unexpected argument: expected none, got ${JSON.stringify(path)}`);
    return Promise.resolve(
      FAULTS.map((fault) => ({
        name: fault.name,
        group: fault.level,
        summary: fault.summary,
        halves: fault.halves,
        defaultHalves: fault.defaultHalves ?? fault.halves,
        calls: fault.calls,
        benign: fault.benign,
        ...(fault.class === undefined ? {} : { class: fault.class }),
        parameters: parameterTexts(fault).map(({ name, what, byDefault }) => ({ name, what, default: byDefault })),
      })),
    );
  },
};

/** Loaded when they are asked for, as commands are. */
export const LIST_TOPICS: ReadonlyMap<string, () => Promise<ListTopic>> = new Map([
  ['scenarios', () => Promise.resolve(scenarios)],
  ['faults', () => Promise.resolve(faults)],
]);
