import type { Finding } from '../../src/diagnose/finding.ts';
import type { ListedEvents } from './event-list.ts';
import type { Inspection } from './inspect-trace.ts';
import type { Bounded } from './note-collector.ts';
import type { TraceInput } from './open-input.ts';

/** So many connections are listed; the count says how many there are. */
const MAX_LISTED = 1000;

/** What `inspect --json` prints. Strings stand as they are in the trace: JSON escapes what a terminal could take amiss. */
export function traceJson(
  input: TraceInput,
  found: Inspection,
  { events, matched }: ListedEvents,
  findings: readonly Finding[],
): object {
  const { totals, loop, notes, firstViolation } = found;
  const connections = totals.connections().filter(({ connection }) => connection !== 0);
  return {
    schema: 1,
    file: input.name,
    format: input.format,
    about: notes.about,
    ...(input.imported === null ? {} : { text: input.imported }),
    counts: {
      events: totals.events,
      records: totals.records,
      kinds: totals.kinds(),
      gaps: totals.gaps,
      missing: totals.missing,
      connections: connections.length,
      violations: found.violations,
      payloads: notes.payloads.count,
      payloadBytes: notes.payloads.bytes,
    },
    ...(totals.events === 0 ? {} : { firstTickMs: totals.firstTickMs, lastTickMs: totals.lastTickMs }),
    connections: connections.slice(0, MAX_LISTED).map((each) => ({ ...notes.names.get(each.connection), ...each })),
    verdicts: listed(notes.verdicts),
    stacks: listed(notes.stacks),
    sockets: listed(notes.sockets),
    warnings: listed(notes.warnings),
    end: notes.end,
    firstViolation,
    findings: findings.slice(0, MAX_LISTED),
    loop:
      loop === null
        ? null
        : {
            rounds: loop.rounds,
            ms: loop.lastTickMs - loop.firstTickMs,
            bytesPerRound: loop.bytesPerRound,
            events: loop.events,
            before: loop.before,
          },
    events,
    leftOut: matched - events.length,
  };
}

function listed<T>({ kept, count }: Bounded<T>): { count: number; list: readonly T[] } {
  return { count, list: kept };
}

/**
 * JSON for a terminal and for a program. Numbers that JSON does not have are spelled as strings; controls that it would
 * let through (C1, and what changes the direction of reading) are escaped like the others.
 */
export function jsonLine(value: object): string {
  const text = JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'number' && !Number.isFinite(each) ? String(each) : each,
  );
  return `${text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escaped)}\n`;
}

function escaped(char: string): string {
  const units = Array.from({ length: char.length }, (_, at) => char.charCodeAt(at));
  return units.map((unit) => String.raw`\u${unit.toString(16).padStart(4, '0')}`).join('');
}
