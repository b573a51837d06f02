import { printable } from '../../src/printable.ts';
import { findingLine } from '../report/finding-text.ts';
import { counted, thousands } from '../report/format-number.ts';
import { failureReport } from '../scenario/failure-report.ts';
import type { Page } from '../report/page.ts';
import type { Conversation } from './conversation.ts';
import type { Parting } from './find-parting.ts';
import type { JudgedReplay } from './judge-replay.ts';
import type { ReplayResult } from './replay-result.ts';
import { DIRECTIONS } from './track.ts';
import type { WrittenReplay } from './write-replay-document.ts';

/** All that is told of a replay. */
export interface ToldReplay {
  /** Of the capture, as a person knows it. */
  readonly name: string;
  readonly conversation: Conversation;
  /** Through what it went: `in memory, tokio-1.12.0`. */
  readonly through: string;
  readonly result: ReplayResult;
  readonly judged: JudgedReplay;
  /** As a scenario; null: it was not asked for. */
  readonly written: WrittenReplay | null;
}

const LEVELS = {
  tcp: 'its bytes as they are',
  socks: 'what follows the SOCKS handshake',
  websocket: 'what its WebSocket messages carry',
  tunnel: "what the tunnel's messages carry",
} as const;
const MAX_SHOWN = 5;

/** Writes it for a person. */
export function replayReport(page: Page, { name, conversation, through, result, judged, written }: ToldReplay): void {
  const { flow, flows, level, said, missing, notes } = conversation;
  const { outcome, direction, code, arrived, counts, waits, findings } = result;
  const ends = `${printable(flow.client)} -> ${printable(flow.server)}`;
  const others = flows > 1 ? ` of ${thousands(flows)}` : '';
  page.row('capture', `${name}, flow ${flow.id}${others}, ${ends}: ${LEVELS[level]}`);
  page.row('replayed', through);
  for (const { from, offset, length, reason } of missing.slice(0, MAX_SHOWN))
    page.row(
      'missing',
      `${DIRECTIONS[from]}: ${counted(length, 'byte')} at ${thousands(offset)} (${reason}); others stand for them`,
    );
  if (missing.length > MAX_SHOWN) page.row('', `and ${thousands(missing.length - MAX_SHOWN)} more`);
  for (const note of notes.slice(0, MAX_SHOWN)) page.row('note', printable(note));
  if (notes.length > MAX_SHOWN) page.row('', `and ${thousands(notes.length - MAX_SHOWN)} more`);
  // A spin is an error of the engine as well, of the same name.
  const parts = [outcome, direction, code === outcome.toUpperCase() ? null : code];
  page.row('outcome', parts.filter((part) => part !== null).join(' '));
  for (const wait of waits) page.row('', wait);
  for (const finding of findings.slice(0, MAX_SHOWN)) page.row('finding', findingLine(finding));
  for (const from of [0, 1] as const) {
    const parting = judged.partings[from];
    const how = parting === null ? 'the same' : partingText(parting);
    page.row(
      DIRECTIONS[from],
      `${counted(said[from].length, 'byte')} said, ${thousands(arrived[from].length)} arrived: ${how}`,
    );
  }
  if (counts !== null && (counts.aToB !== arrived[0].length || counts.bToA !== arrived[1].length))
    page.row('reported', `${counts.aToB} bytes a -> b, ${counts.bToA} bytes b -> a, which is not what arrived`);
  if (written !== null) writtenRows(page, written);
  page.line(verdictText(judged, result, notes.length > 0));
  page.flush();
}

/** The one object of `--json`. */
export function replayObject({
  name,
  conversation,
  through,
  result,
  judged,
  written,
}: ToldReplay): Record<string, unknown> {
  const { flow, flows, level, said, missing, notes } = conversation;
  const side = (from: 0 | 1): Record<string, unknown> => ({
    said: said[from].length,
    arrived: result.arrived[from].length,
    parts: judged.partings[from],
    missing: missing
      .filter((gap) => gap.from === from)
      .map(({ offset, length, reason }) => ({ offset, length, reason })),
  });
  return {
    schema: 1,
    capture: name,
    flow,
    flows,
    level,
    through,
    verdict: judged.verdict,
    outcome: result.outcome,
    direction: result.direction,
    code: result.code,
    counts: result.counts,
    waits: result.waits,
    findings: result.findings,
    aToB: side(0),
    bToA: side(1),
    notes,
    ...(written === null
      ? {}
      : {
          scenario: {
            file: written.path,
            payload: written.payload,
            runs: written.result.runs,
            failed: written.result.failures.length,
          },
        }),
  };
}

function writtenRows(page: Page, { path, payload, result }: WrittenReplay): void {
  const beside = payload.length === 0 ? '' : `, and beside it ${payload.join(' and ')}`;
  page.row('written', printable(`${path}${beside}`));
  const { runs, failures } = result;
  if (failures.length === 0) page.row('', `run from there: ${counted(runs, 'run')}, all as expected`);
  else for (const line of failureReport(result)) page.line(printable(line));
}

function partingText({ kind, offset, length }: Parting): string {
  const [bytes, at] = [counted(length, 'byte'), thousands(offset)];
  switch (kind) {
    case 'end':
      return `it ends at ${at}, ${bytes} early`;
    case 'gap':
      return `a gap at ${at}: ${bytes} did not come, and what follows them did`;
    case 'duplicate':
      return `a duplicate at ${at}: ${bytes} came again`;
    case 'swap':
      return `a swap at ${at}: ${bytes} came after what should have followed them`;
    case 'other':
      return `other bytes from ${at} on`;
    case 'surplus':
      return `${bytes} too many, after all ${at}`;
  }
}

function verdictText({ verdict }: JudgedReplay, { outcome, direction }: ReplayResult, hasNotes: boolean): string {
  switch (verdict) {
    case 'same':
      return hasNotes
        ? 'Same, of what could be decoded: --level tcp replays every byte'
        : 'Same: what arrived is what was captured, byte for byte';
    case 'differs':
      return 'Differs: what arrived is not what was captured';
    case 'stuck':
      return `Stuck: the relay is ${outcome}${direction === null ? '' : `, ${direction}`}`;
  }
}
