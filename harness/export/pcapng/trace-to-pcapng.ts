import { printable } from '../../../src/printable.ts';
import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { counted } from '../../report/format-number.ts';
import { wholeEvents } from '../../report/whole-events.ts';
import type { NoteCollector } from '../../report/note-collector.ts';
import { DOCUMENTATION_PEN, interfaceDescription, sectionHeader } from './pcapng-blocks.ts';
import { RecordedPayload } from './recorded-payload.ts';
import { TimedNotes } from './timed-notes.ts';
import { TracePackets } from './trace-packets.ts';
import { surveyTrace } from './trace-survey.ts';

/** Blocks are handed on together, about so many bytes at a time. */
const PIECE_BYTES = 1 << 16;
const MAX_COMMENT_CHARS = 2000;

export interface PcapngOptions {
  readonly signal: AbortSignal;
  readonly onWarning: (message: string) => void;
}

/**
 * A trace as a capture: each connection a TCP connection from a to b, each write a packet, in pcapng, piece by piece.
 * `open` is called three times, as the trace is read for its notes, its events, and its payload; each in bounded memory.
 * The same trace gives the same bytes. Throws what the readers throw.
 */
export async function* traceToPcapng(
  open: () => AsyncIterable<TraceItem>,
  options: PcapngOptions,
): AsyncGenerator<Uint8Array> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  for await (const block of blocks(open, options)) {
    pieces.push(block);
    bytes += block.length;
    if (bytes < PIECE_BYTES) continue;
    yield Buffer.concat(pieces);
    [pieces, bytes] = [[], 0];
  }
  yield Buffer.concat(pieces);
}

async function* blocks(
  open: () => AsyncIterable<TraceItem>,
  { signal, onWarning }: PcapngOptions,
): AsyncGenerator<Uint8Array> {
  const { notes, payloadEnds } = await surveyTrace(open(), signal);
  for (const warning of notes.warnings.kept) onWarning(warning);
  yield sectionHeader('relayscope', sectionComment(notes));
  yield interfaceDescription('a relay, as its copy saw it');
  const payload = new RecordedPayload(open(), payloadEnds);
  const packets = new TracePackets(notes.about.startedAtMs ?? 0, notes.names, payload);
  const timed = new TimedNotes(notes);
  try {
    for await (const item of wholeEvents(open(), signal)) {
      if (item.kind === 'gap') packets.gap(item.missing);
      if (item.kind !== 'events') continue;
      for (const event of notes.told(item.events)) {
        for (const note of timed.before(packets.timeOf(event))) yield* packets.note(note);
        yield* packets.event(event);
      }
    }
    for (const note of timed.before(Number.POSITIVE_INFINITY)) yield* packets.note(note);
  } finally {
    await payload.close();
  }
  if (payload.leftOut > 0) onWarning(`${counted(payload.leftOut, 'byte')} of payload left out: too much at a time`);
  if (packets.unlisted > 0) onWarning(`${counted(packets.unlisted, 'event')} left out: too many connections`);
}

function sectionComment({ about, verdicts, end }: NoteCollector): string {
  const lines = [
    about.title === undefined ? 'A trace of a relay' : `Trace: ${about.title}`,
    ...(about.dialect === undefined ? [] : [`Dialect: ${about.dialect}`]),
    ...verdicts.kept.map(({ outcome, message }) => `Verdict: ${outcome}: ${message}`),
    ...(end === null ? [] : [`Ended: ${end.reason}${end.message === undefined ? '' : `: ${end.message}`}`]),
    'Made by relayscope export. Each write of the copy is a packet; bytes that were not recorded are not in it.',
    'Handshakes, acknowledgements and windows are made up around them; so are addresses in 192.0.2.0/24 and 198.51.100.0/24.',
    `Verdicts are custom blocks with the number ${DOCUMENTATION_PEN} (RFC 5612), JSON inside.`,
  ];
  return lines.map((line) => printable(line, MAX_COMMENT_CHARS)).join('\n');
}
