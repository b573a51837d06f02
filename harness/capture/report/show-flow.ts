import type { Io } from '../../io.ts';
import { Page } from '../../report/page.ts';
import { counted, thousands } from '../../report/format-number.ts';
import { CaptureError } from '../capture-error.ts';
import { CaptureAbout } from './capture-about.ts';
import { aboutJson, entryJson, jsonPieces } from './capture-json.ts';
import { CaptureScreen } from './capture-screen.ts';
import { entryLine } from './entry-line.ts';
import type { FlowRecord } from './flow-record.ts';
import { FlowSurvey } from './flow-survey.ts';
import { KeptEntries } from './kept-entries.ts';
import { endSurvey, surveyCapture, type CaptureInput } from './survey-capture.ts';
import type { TimeLineEntry } from './time-line-entry.ts';
import { TimeLine } from './time-line.ts';
import { writePieces } from './write-pieces.ts';

/** JSON has so many of the latest entries without --limit. */
export const DEFAULT_JSON_ENTRIES = 10_000;

export interface ShowFlowOptions {
  /** By its number, from 1. */
  readonly id: number;
  /** So many of the latest entries; null: all, or in JSON DEFAULT_JSON_ENTRIES. */
  readonly limit: number | null;
  readonly json: boolean;
  readonly text: boolean;
}

/** Tells one connection's whole time line. Throws as `showCapture` does, and CAPTURE_NO_FLOW. */
export async function showFlow(input: CaptureInput, options: ShowFlowOptions, io: Io): Promise<void> {
  const { id, limit, json } = options;
  const page = new Page(io);
  const kept = json || limit !== null ? new KeptEntries(0, limit ?? DEFAULT_JSON_ENTRIES) : null;
  const found: FlowRecord[] = [];
  const onEntry = (entry: TimeLineEntry): void => {
    if (kept === null) page.line(entryLine(entry));
    else kept.add(entry);
  };
  const survey = new FlowSurvey({
    showsText: options.text,
    timeLineOf: (record) => {
      if (record.id !== id) return null;
      found.push(record);
      return new TimeLine({ joinsMessages: false, onEntry });
    },
  });
  const about = new CaptureAbout();
  const bytes = paced(input.bytes, page, io);
  const outcome = await surveyCapture({ ...input, bytes }, survey, about, io);
  if (io.signal.aborted) return;
  const [record] = found;
  if (record === undefined) {
    if (outcome.error !== null) throw outcome.error;
    const has = survey.count === 0 ? 'no flow' : counted(survey.count, 'flow');
    throw new CaptureError('CAPTURE_NO_FLOW', `No flow ${id}: ${input.name} has ${has}`, { file: input.name });
  }
  if (json) {
    const entries = kept?.latest().map(entryJson) ?? [];
    const timeline = { timeline: entries, timelineLeftOut: kept?.leftOut ?? 0 };
    await writePieces(jsonPieces([record], aboutJson(input.name, survey, about, outcome), timeline), io);
  } else {
    for (const entry of kept?.latest() ?? []) page.line(entryLine(entry));
    const leftOut = kept?.leftOut ?? 0;
    if (leftOut > 0) page.line(`             … and ${thousands(leftOut)} before them: without --limit all are shown`);
    page.line();
    new CaptureScreen(page, survey, about).flow(record);
    page.flush();
  }
  endSurvey(input, about, outcome, io);
}

/** Reads on when whoever reads the lines has caught up. */
async function* paced(bytes: AsyncIterable<Uint8Array>, page: Page, io: Io): AsyncGenerator<Uint8Array> {
  for await (const piece of bytes) {
    yield piece;
    page.flush();
    await io.stdout.drain?.();
  }
}
