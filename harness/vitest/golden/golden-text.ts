import { decodeRecords } from '../../../src/trace/decode-records.ts';
import { isBeneath } from '../../../src/trace/event-kind.ts';
import { lineOfEvent } from '../../../src/trace/file/trace-to-ndjson.ts';
import { FORMAT_MAJOR } from '../../../src/trace/file/trace-format.ts';
import { WORDS_PER_RECORD } from '../../../src/trace/ring-layout.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { ConnectionNote, TraceAbout, Verdict } from '../../../src/trace/trace-note.ts';
import { MatcherError } from '../judged/matcher-error.ts';

/**
 * A trace as a golden one: NDJSON of what the copy did, which is the same on every machine. Without times, numbers of records, the
 * process, ports, stacks, payload, and what lies beneath its streams.
 *
 * Throws SUBJECT_UNKNOWING where records are missing: what cannot be known is no golden trace.
 *
 * @param only this connection's events; null: all.
 */
export function goldenText(items: readonly TraceItem[], only: number | null): string {
  const isMeant = (connection: number): boolean => only === null || connection === only;
  // What lies beneath a stream comes when the system has it, and not in the same order twice.
  const isStep = ({ connection, kind }: TraceEvent): boolean => isMeant(connection) && !isBeneath(kind);
  const lines: object[] = [];
  const connections = new Map<number, ConnectionNote>();
  let about: TraceAbout = {};
  let verdict: Verdict | null = null;
  let nextSeq = 0;
  const events: string[] = [];
  for (const item of items) {
    if (item.kind === 'about') about = { ...about, ...item.about };
    else if (item.kind === 'string') lines.push({ chunk: 'strings', strings: [{ id: item.id, text: item.text }] });
    else if (item.kind === 'verdict') ({ verdict } = item);
    else if (item.kind === 'connection')
      connections.set(item.note.connection, { ...connections.get(item.note.connection), ...item.note });
    if (item.kind !== 'records') continue;
    if (item.firstSeq > nextSeq) throw withGap(item.firstSeq - nextSeq);
    nextSeq = item.firstSeq + item.words.length / WORDS_PER_RECORD;
    for (const event of decodeRecords(item.words, item.firstSeq)) if (isStep(event)) events.push(eventLine(event));
  }
  for (const note of connections.values()) if (isMeant(note.connection)) lines.push(connectionLine(note));
  const head = { relayscope: 'trace', version: FORMAT_MAJOR, ...aboutOf(about) };
  const last = verdict === null ? [] : [verdictLine(verdict)];
  const whole = [...[head, ...lines].map((line) => JSON.stringify(line)), ...events];
  return `${[...whole, ...last.map((line) => JSON.stringify(line))].join('\n')}\n`;
}

function aboutOf({ title, dialect, options }: TraceAbout): TraceAbout {
  return {
    writer: 'relayscope',
    ...(title === undefined ? {} : { title }),
    ...(dialect === undefined ? {} : { dialect }),
    ...(options === undefined ? {} : { options }),
  };
}

/** What its reader would take for granted is left out with the times. */
function eventLine(event: TraceEvent): string {
  const { seq: _seq, tickMs: _tick, timeMs: _time, lastTickMs: _last, ...rest } = event;
  const { read_done, need_flush, state, chunk, ...kept } = rest;
  return lineOfEvent({
    ...kept,
    ...(read_done === true ? { read_done } : {}),
    ...(need_flush === true ? { need_flush } : {}),
    ...(state === undefined || state === 'running' ? {} : { state }),
    ...(chunk === true ? { chunk } : {}),
  } as TraceEvent);
}

function connectionLine({ connection, a, b, sight, end }: ConnectionNote): object {
  return {
    chunk: 'connection',
    connection,
    ...(a === undefined ? {} : { a: withoutPort(a) }),
    ...(b === undefined ? {} : { b: withoutPort(b) }),
    ...(sight === undefined ? {} : { sight }),
    ...(end === undefined ? {} : { end }),
  };
}

function verdictLine({ outcome, direction, half, where, message }: Verdict): object {
  return {
    chunk: 'verdict',
    outcome,
    ...(direction === undefined ? {} : { direction }),
    ...(half === undefined ? {} : { half }),
    ...(where === undefined ? {} : { where }),
    message: withoutTimes(message),
    atMs: 0,
  };
}

/** `127.0.0.1:40012` as `127.0.0.1:…` */
function withoutPort(end: string): string {
  return end.replaceAll(/(?<=[\w.\]]):\d{1,5}\b/g, ':…');
}

/** `for 264 ms` as `for …`. */
function withoutTimes(message: string): string {
  return message.replaceAll(/\d[\d.,]* (?:ms|s|min)\b/g, '…');
}

function withGap(missing: number): MatcherError {
  const got = `one that lacks ${missing} records`;
  return new MatcherError(
    'SUBJECT_UNKNOWING',
    'Wrong subject of toMatchTrace',
    'a whole trace (a larger recorder)',
    got,
  );
}
