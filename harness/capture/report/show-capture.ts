import type { Io } from '../../io.ts';
import { Page } from '../../report/page.ts';
import { CaptureAbout } from './capture-about.ts';
import { aboutJson, jsonPieces } from './capture-json.ts';
import { CaptureScreen } from './capture-screen.ts';
import type { FlowRecord } from './flow-record.ts';
import { FlowSurvey } from './flow-survey.ts';
import { KeptEntries } from './kept-entries.ts';
import { endSurvey, surveyCapture, type CaptureInput } from './survey-capture.ts';
import { TimeLine } from './time-line.ts';
import { writePieces } from './write-pieces.ts';

/** So many connections are shown without --limit. */
export const DEFAULT_FLOWS = 10;
/** With no more connections than that each is shown with the beginning and the end of its time line. */
const LINED_FLOWS = 3;
const FIRST_ENTRIES = 14;
const LATEST_ENTRIES = 10;

export interface ShowCaptureOptions {
  /** How many connections; null: the screen shows DEFAULT_FLOWS, JSON all. */
  readonly limit: number | null;
  readonly json: boolean;
  /** Whether it is shown how texts begin. */
  readonly text: boolean;
}

/** Says what a capture holds. Throws the CaptureError that ended it after that is said. */
export async function showCapture(input: CaptureInput, options: ShowCaptureOptions, io: Io): Promise<void> {
  const lines = new Map<FlowRecord, KeptEntries>();
  const survey = new FlowSurvey({
    showsText: options.text,
    timeLineOf: (record) => (options.json || record.id > LINED_FLOWS ? null : lineOf(record, lines)),
  });
  const about = new CaptureAbout();
  const outcome = await surveyCapture(input, survey, about, io);
  if (io.signal.aborted) return;
  if (options.json) {
    const flows = survey.flows.slice(0, options.limit ?? survey.flows.length);
    const tail = { flowsLeftOut: survey.count - flows.length, ...aboutJson(input.name, survey, about, outcome) };
    await writePieces(jsonPieces(flows, tail), io);
  } else if (about.packets > 0 || outcome.error === null) {
    const page = new Page(io);
    const limit = options.limit ?? DEFAULT_FLOWS;
    new CaptureScreen(page, survey, about).show(outcome.form, { name: input.name, limit, lines });
    page.flush();
  }
  endSurvey(input, about, outcome, io);
}

function lineOf(record: FlowRecord, lines: Map<FlowRecord, KeptEntries>): TimeLine {
  const kept = new KeptEntries(FIRST_ENTRIES, LATEST_ENTRIES);
  lines.set(record, kept);
  return new TimeLine({
    joinsMessages: true,
    onEntry: (entry) => {
      kept.add(entry);
    },
  });
}
