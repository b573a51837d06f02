import { ALL_DETECTORS } from '../../../src/diagnose/all-detectors.ts';
import type { ConnectionPicture } from '../../../src/diagnose/connection-picture.ts';
import type { ConnectionDetector, Detector } from '../../../src/diagnose/detector.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import type { SeenEvent } from '../../../src/diagnose/seen-event.ts';
import { Kind } from '../../../src/trace/event-kind.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import type { Verdict } from '../../../src/trace/trace-note.ts';
import type { WaitingSnapshot } from './waiting-snapshot.ts';
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

/** The copies that a test waited for, and the trace of their recorder, with what was seen of them. */
export interface WaitingPicture {
  readonly copies: readonly WaitingCopy[];
  readonly items: readonly TraceItem[];
}

export function pictureOf({ open, items, nowMs }: WaitingSnapshot): WaitingPicture {
  const seen = new Map<number, Seen>();
  const diagnosis = new Diagnosis({ detectors: [...ALL_DETECTORS, looker(seen)] });
  for (const item of items) diagnosis.item(item);
  const judged = [...seen.values()]
    .filter(({ picture }) => open.has(picture.connection) && !hasEnded(picture))
    .map((one) => ({ ...one, nowMs, verdict: verdictOf({ ...one, nowMs }) }));
  const verdicts: TraceItem[] = judged.flatMap(({ verdict }) =>
    verdict === null ? [] : [{ kind: 'verdict', verdict }],
  );
  for (const verdict of verdicts) diagnosis.item(verdict);
  diagnosis.end({ atMs: nowMs });
  const findings = diagnosis.findings();
  const copies = judged.map((one) => ({
    ...one,
    findings: findings.filter(({ connection }) => connection === one.picture.connection),
  }));
  return { copies, items: [...items, ...verdicts] };
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
