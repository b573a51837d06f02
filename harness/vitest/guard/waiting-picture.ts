import { ALL_DETECTORS } from '../../../src/diagnose/all-detectors.ts';
import type { ConnectionPicture } from '../../../src/diagnose/connection-picture.ts';
import type { ConnectionDetector, Detector } from '../../../src/diagnose/detector.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { SeenEvent } from '../../../src/diagnose/seen-event.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import type { Recorder } from '../../../src/trace/recorder.ts';
import { ringItems } from '../../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import type { StartedCopies } from './waiting-copies.ts';
import { verdictOf } from './waiting-verdict.ts';

/** A copy that has not ended, as its records have it. */
export interface WaitingCopy {
  readonly picture: ConnectionPicture;
  /** Polls since a byte moved last, and since when, in milliseconds of the trace. */
  readonly idlePolls: number;
  readonly idleSinceMs: number;
  /** When the recorder was read. */
  readonly nowMs: number;
  /** Null while bytes move. */
  readonly verdict: Verdict | null;
  readonly findings: readonly Finding[];
}

/** The copies of one recorder that a test waits for, and all that the recorder has, to be saved. */
export interface WaitingPicture {
  readonly recorder: Recorder;
  readonly copies: readonly WaitingCopy[];
  readonly items: readonly TraceItem[];
}

/** Looks at what a test has started, at once and without a turn of the event loop. Null: all of it has ended. */
export function pictureOf({ recorder, connections }: StartedCopies): WaitingPicture | null {
  const open = openOf(recorder, connections);
  if (open.size === 0) return null;
  const nowMs = recorder.elapsedMs();
  const items: TraceItem[] = [];
  recorder.notes.listen((note) => {
    items.push(note);
  })();
  items.push(...ringItems(recorder.buffer));
  const seen = new Map<number, Seen>();
  const diagnosis = new Diagnosis({ detectors: [...ALL_DETECTORS, looker(seen)] });
  for (const item of items) diagnosis.item(item);
  const copies = [...seen.values()].filter(({ picture }) => open.has(picture.connection) && !hasEnded(picture));
  if (copies.length === 0) return null;
  const judged = copies.map(({ picture, idlePolls, idleSinceMs }) => {
    const verdict = verdictOf({ picture, idlePolls, idleSinceMs, nowMs });
    if (verdict !== null) items.push({ kind: 'verdict', verdict });
    if (verdict !== null) diagnosis.item({ kind: 'verdict', verdict });
    return { picture, idlePolls, idleSinceMs, nowMs, verdict };
  });
  diagnosis.end({ atMs: nowMs });
  const findings = diagnosis.findings();
  return {
    recorder,
    items,
    copies: judged.map((one) => ({
      ...one,
      findings: findings.filter(({ connection }) => connection === one.picture.connection),
    })),
  };
}

/** Those that have not said that they are over. */
function openOf(recorder: Recorder, connections: ReadonlySet<number>): Set<number> {
  const open = new Set<number>();
  recorder.notes.listen((note) => {
    if (note.kind === 'connection' && connections.has(note.note.connection)) open.add(note.note.connection);
  })();
  return open;
}

const DONE = 2;

function hasEnded({ aToB, bToA }: ConnectionPicture): boolean {
  return aToB.state === DONE && bToA.state === DONE;
}

interface Seen {
  readonly picture: ConnectionPicture;
  idlePolls: number;
  idleSinceMs: number;
}

/** Reports nothing: it keeps the pictures that the others judge by. */
function looker(seen: Map<number, Seen>): Detector {
  return {
    classes: [],
    kinds: [Kind.POLL, Kind.READ, Kind.WRITE, Kind.STATE],
    open(picture): ConnectionDetector {
      const one: Seen = { picture, idlePolls: 0, idleSinceMs: 0 };
      seen.set(picture.connection, one);
      return {
        onEvent(event) {
          if (event.kind === Kind.POLL) one.idlePolls += 1 + event.repeat;
          else if (hasMoved(event)) {
            one.idlePolls = 0;
            one.idleSinceMs = event.tickMs;
          }
        },
      };
    },
  };
}

function hasMoved({ kind, n, hasFailed, isPending }: SeenEvent): boolean {
  return kind === Kind.STATE || (n > 0 && !hasFailed && !isPending);
}
