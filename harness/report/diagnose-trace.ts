import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { FailedConnections } from '../../src/diagnose/failed-connections.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Sight } from '../../src/diagnose/unseen-classes.ts';
import type { Io } from '../io.ts';
import { Excerpts, type Excerpt } from './excerpts.ts';
import { inspectedItems, type InspectedItem } from './inspected-item.ts';
import { NoteCollector } from './note-collector.ts';
import { withInput, type TraceInput } from './open-input.ts';
import { Progress } from './progress.ts';

/** A file can be read again for what a finding points back at; of a pipe more is kept. */
const REACH_BACK = 16_384;
const REACH_BACK_OF_PIPE = 1_048_576;

/** What a trace says is wrong, and what there is to tell beside it. */
export interface DiagnosedTrace {
  readonly findings: readonly Finding[];
  /** Findings for which there was no room. */
  readonly unkept: number;
  /** Connections that were given up: more were open at once than are looked at. */
  readonly forgotten: number;
  /** With bytes that were read and not delivered, whether or not a finding tells why. */
  readonly failed: FailedConnections;
  readonly notes: NoteCollector;
  readonly events: number;
  readonly connections: number;
  readonly missing: number;
  /** As bits: which kinds of event there are. */
  readonly kinds: number;
  readonly sights: ReadonlySet<Sight>;
  /** Of an event that a finding points at. Null: it is not at hand. */
  readonly knows: (connection: number) => boolean;
  readonly excerptOf: (seq: number) => Excerpt | null;
}

/** Reads a trace, and names what is wrong with it. Null if it was stopped. */
export async function diagnoseTrace(path: string, input: TraceInput, io: Io): Promise<DiagnosedTrace | null> {
  const isPipe = path === '-';
  const excerpts = new Excerpts(isPipe ? REACH_BACK_OF_PIPE : REACH_BACK);
  const diagnosis = new Diagnosis({
    onReport: (connection, { seq, events = [] }) => {
      for (const each of [seq, ...events]) if (each >= 0) excerpts.want(each, connection);
    },
  });
  const notes = new NoteCollector();
  const progress = new Progress(io.stderr, 'events read');
  let missing = 0;
  for await (const item of inspectedItems(input.items, io.signal)) {
    excerpts.add(item);
    notes.add(item);
    if (item.kind === 'gap') missing += item.missing;
    else diagnosis.item(item);
    excerpts.settle(false);
    progress.at(diagnosis.events);
  }
  diagnosis.end();
  excerpts.settle(true);
  const findings = diagnosis.findings();
  const far = isPipe ? [] : farOnes(findings, excerpts);
  const again = far.length === 0 ? null : await readAgain(path, far, io);
  progress.clear();
  if (io.signal.aborted) return null;
  const { unkept, forgotten, failed, events, connections, kinds, sights } = diagnosis;
  const knows = (connection: number): boolean => diagnosis.knows(connection);
  const excerptOf = (seq: number): Excerpt | null => {
    const found = excerpts.of(seq) ?? again?.of(seq) ?? null;
    return found === null ? null : told(found, notes);
  };
  return { findings, unkept, forgotten, failed, notes, events, connections, missing, kinds, sights, knows, excerptOf };
}

/** The events that findings point at and that had gone by. */
function farOnes(findings: readonly Finding[], excerpts: Excerpts): [seq: number, connection: number][] {
  return findings
    .flatMap(({ connection, evidence }) => evidence.events.map((seq): [number, number] => [seq, connection]))
    .filter(([seq]) => excerpts.of(seq) === null);
}

async function readAgain(path: string, wanted: readonly (readonly [number, number])[], io: Io): Promise<Excerpts> {
  const excerpts = new Excerpts(0);
  const last = wanted.reduce((most, [seq]) => Math.max(most, seq), 0);
  for (const [seq, connection] of wanted) excerpts.want(seq, connection);
  await withInput(path, io, async (input) => {
    for await (const item of inspectedItems(input.items, io.signal)) {
      excerpts.add(item);
      excerpts.settle(false);
      if (isPast(item, last) && excerpts.of(last) !== null) return;
    }
    excerpts.settle(true);
  });
  return excerpts;
}

function isPast(item: InspectedItem, seq: number): boolean {
  return item.kind === 'records' && item.firstSeq > seq;
}

function told({ before, event, after }: Excerpt, notes: NoteCollector): Excerpt {
  const [own = event] = notes.told([event]);
  return { before: notes.told(before), event: own, after: notes.told(after) };
}
