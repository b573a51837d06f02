import type { CaptureError } from '../capture-error.ts';
import type { CaptureForm } from '../read/read-capture.ts';
import type { CaptureAbout } from './capture-about.ts';
import type { FlowRecord, SideRecord } from './flow-record.ts';
import type { FlowSurvey } from './flow-survey.ts';
import type { TimeLineEntry } from './time-line-entry.ts';
import { jsonLine } from '../../report/trace-json.ts';

/** Everything but the connections; `name` is the file's. */
export function aboutJson(
  name: string,
  survey: FlowSurvey,
  about: CaptureAbout,
  { form, error }: { readonly form: CaptureForm | null; readonly error: CaptureError | null },
): object {
  return {
    file: name,
    format: form?.format ?? null,
    packing: form?.packing ?? null,
    packets: about.packets,
    notTcp: Object.fromEntries(about.others),
    dropped: about.dropped,
    firstMs: survey.span?.firstMs ?? null,
    lastMs: survey.span?.lastMs ?? null,
    cut: about.cut === null ? null : { fileOffset: about.cut.fileOffset, missingBytes: about.cut.missingBytes },
    error: error === null ? null : { code: error.code, message: error.message, ...error.place },
  };
}

/**
 * The whole document, in pieces: a capture may have more connections than one text can hold. `tail` is what stands after
 * the connections, `more` what each of them has besides.
 */
export function* jsonPieces(flows: Iterable<FlowRecord>, tail: object, more: object = {}): Generator<string> {
  yield '{"schema":1,"flows":[';
  let comma = '';
  for (const flow of flows) {
    yield comma + jsonLine({ ...flowJson(flow), ...more }).trimEnd();
    comma = ',';
  }
  // `{"file":…}` without its first brace.
  yield `],${jsonLine(tail).slice(1)}`;
}

/** An entry of a time line. */
export function entryJson(entry: TimeLineEntry): object {
  const direction = entry.direction === null ? null : entry.direction === 0 ? 'a -> b' : 'b -> a';
  return { ...entry, direction };
}

function flowJson(record: FlowRecord): object {
  const [a, b] = record.sides;
  return {
    id: record.id,
    client: record.client,
    server: record.server,
    protocols: record.protocols,
    aToB: sideJson(a),
    bToA: sideJson(b),
    began: record.began,
    firstMs: record.firstMs,
    lastMs: record.lastMs,
    undecodable: record.undecodable,
  };
}

function sideJson(side: SideRecord): object {
  return {
    bytes: side.bytes,
    gaps: side.gaps,
    frames: side.frames,
    messages: side.messages,
    messageBytes: side.messageBytes,
    end: side.end,
    closeCode: side.closeCode,
    closeReason: side.isClosed ? side.closeReason : null,
    gapCount: side.gapCount,
    gapBytes: side.gapBytes,
    tunnelMessages: side.tunnelMessages,
    acknowledged: side.acknowledged,
    packets: side.packets,
    retransmissions: side.retransmissions,
    outOfOrder: side.outOfOrder,
    duplicates: side.duplicates,
    conflicts: side.conflicts,
    strays: side.strays,
    lateBytes: side.lateBytes,
    perhapsBytes: side.perhapsBytes,
  };
}
