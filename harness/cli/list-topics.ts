import { existsSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { classInfoOf } from '../../src/diagnose/class-info-of.ts';
import { FAMILIES, FINDING_CLASSES, type FamilyName, type FindingClass } from '../../src/diagnose/finding-class.ts';
import { parameterTexts } from '../faults/describe-fault.ts';
import { FAULT_LEVELS, type FaultDefinition } from '../faults/fault-definition.ts';
import { FAULTS, findFault } from '../faults/fault-registry.ts';
import { coverageOf, type Coverage } from '../findings/coverage.ts';
import { FAMILY_HEADINGS, findingTables } from '../findings/finding-table.ts';
import type { Page } from '../report/page.ts';
import { findDocuments, readDocument, SCENARIOS_FOLDER } from '../scenario/find-documents.ts';
import { findingPage } from './finding-page.ts';
import { faultPage, LEVEL_HEADINGS } from './fault-page.ts';
import { nearestName } from '../nearest-name.ts';
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
  /** @param names are those that stand after the topic; without any, all entries. */
  entries(names: readonly string[]): Promise<ListEntry[]>;
  /** Whether there is anything to list without a name. Default: yes. */
  isHere?(): boolean;
  /** Above the entries of a group. Default: the group itself. */
  heading?(group: string): string;
  /** The name below the heading of its group, where columns are few. Default: the whole name. */
  shortName?(entry: ListEntry): string;
  /** All about one entry, for who has named it. Default: its line. */
  details?(page: Page, entry: ListEntry): void;
  /** The tables of a page of the documentation. Default: there is none. */
  markdown?(): Promise<string>;
  /** Below a list: how to see more. */
  readonly hint?: string;
}

/** A project's own, and those of a checkout. */
const DEFAULT_FOLDERS = ['scenarios', SCENARIOS_FOLDER] as const;

const scenarios: ListTopic = {
  summary: `scenario documents; PATH… are files or folders, by default ${DEFAULT_FOLDERS.join(' or ')}`,
  async entries(paths) {
    const place = DEFAULT_FOLDERS.find((folder) => existsSync(folder));
    if (paths.length === 0 && place === undefined)
      throw new UsageError(
        `No folder: expected one of scenario documents, as there is no ${DEFAULT_FOLDERS.join(' and no ')}`,
      );
    const files = await findDocuments(paths.length === 0 && place !== undefined ? [place] : paths);
    const documents = await Promise.all(files.map(readDocument));
    return documents.map(({ file, scenario: { title, dialects, expect } }) => ({
      name: relative('.', file),
      group: relative('.', dirname(file)),
      summary: title,
      dialects,
      outcome: expect.outcome,
    }));
  },
  isHere: () => existsSync(SCENARIOS_FOLDER),
  shortName: ({ name }) => basename(name),
};

const faults: ListTopic = {
  summary: 'faults that a plan can name',
  entries: (names) => Promise.resolve((names.length === 0 ? FAULTS : names.map(faultNamed)).map(faultEntry)),
  heading: (group) => LEVEL_HEADINGS[FAULT_LEVELS.find((level) => level === group) ?? 'poll'],
  details(page, { name }) {
    faultPage(page, faultNamed(name));
  },
  hint: 'relayscope list faults NAME: all about one, with its fields',
};

function faultNamed(name: string): FaultDefinition {
  const fault = findFault(name);
  if (fault !== undefined) return fault;
  const nearest = nearestName(
    name,
    FAULTS.map((known) => known.name),
  );
  throw new UsageError(
    `Unknown fault: expected a name out of relayscope list faults, got ${JSON.stringify(name)}${nearest === null ? '' : `; did you mean ${nearest}?`}`,
  );
}

function faultEntry(fault: FaultDefinition): ListEntry {
  return {
    name: fault.name,
    group: fault.level,
    summary: fault.summary,
    halves: fault.halves,
    defaultHalves: fault.defaultHalves ?? fault.halves,
    calls: fault.calls,
    benign: fault.benign,
    ...(fault.class === undefined ? {} : { class: fault.class }),
    parameters: parameterTexts(fault).map(({ name, what, byDefault }) => ({ name, what, default: byDefault })),
  };
}

const findings: ListTopic = {
  summary: 'classes of findings: what relayscope why can name',
  async entries(names) {
    const coverage = new Map((await knownCoverage()).map((one) => [one.class, one]));
    return (names.length === 0 ? FINDING_CLASSES : names.map(classNamed)).map((name) => {
      const { summary, needs, explains, seeAlso } = classInfoOf(name);
      return { name, group: familyOf(name), summary, needs, explains, seeAlso, ...coverage.get(name) };
    });
  },
  heading: (group) => FAMILY_HEADINGS[FAMILY_NAMES.find((family) => family === group) ?? 'loss'],
  details(page, entry) {
    // An entry of this topic is what `entries` has made.
    findingPage(
      page,
      classNamed(entry.name),
      entry['provokedBy'] === undefined ? undefined : (entry as unknown as Coverage),
    );
  },
  async markdown() {
    return findingTables(await knownCoverage());
  },
  hint: 'relayscope list findings CLASS: all about one; docs/findings.md tells how they are read',
};

/** The keys of a constant table. */
const FAMILY_NAMES = Object.keys(FAMILIES) as FamilyName[];

function familyOf(name: FindingClass): FamilyName {
  return FAMILY_NAMES.find((family) => (FAMILIES[family] as readonly FindingClass[]).includes(name)) ?? 'loss';
}

/** Where there are no documents, as in an installed package, nothing is said of them. */
async function knownCoverage(): Promise<Coverage[]> {
  if (!existsSync(SCENARIOS_FOLDER)) return [];
  const files = await findDocuments([SCENARIOS_FOLDER]);
  return coverageOf(await Promise.all(files.map(readDocument)));
}

function classNamed(name: string): FindingClass {
  const known = FINDING_CLASSES.find((one) => one === name);
  if (known !== undefined) return known;
  const nearest = nearestName(name, FINDING_CLASSES);
  throw new UsageError(
    `Unknown class: expected a name out of relayscope list findings, got ${JSON.stringify(name)}${nearest === null ? '' : `; did you mean ${nearest}?`}`,
  );
}

/** Loaded when they are asked for, as commands are. */
export const LIST_TOPICS: ReadonlyMap<string, () => Promise<ListTopic>> = new Map([
  ['scenarios', () => Promise.resolve(scenarios)],
  ['faults', () => Promise.resolve(faults)],
  ['findings', () => Promise.resolve(findings)],
]);
