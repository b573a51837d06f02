import type { Io } from '../../io.ts';
import { printable } from '../../../src/printable.ts';
import { Progress } from '../../report/progress.ts';
import type { CaptureAbout } from './capture-about.ts';
import type { FlowSurvey } from './flow-survey.ts';
import { readConversations, type ReadOutcome } from './read-conversations.ts';

/** The first word of progress comes after so many packets. */
export const PROGRESS_PACKETS = 500_000;

/** A capture that is about to be read. */
export interface CaptureInput {
  /** As a person knows it; safe for a terminal. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Reads a capture into `survey` and `about`, with progress on a terminal. */
export async function surveyCapture(
  { name, bytes }: CaptureInput,
  survey: FlowSurvey,
  about: CaptureAbout,
  io: Io,
): Promise<ReadOutcome> {
  const progress = new Progress(io.stderr, 'packets read', PROGRESS_PACKETS);
  const outcome = await readConversations({ name, bytes, signal: io.signal }, survey, {
    packet(packet) {
      about.packet(packet);
      survey.at(packet.seconds, packet.nanoseconds);
      progress.at(packet.number);
    },
    note(note) {
      about.note(note);
    },
    other(packet, why) {
      about.other(packet, why);
    },
  });
  progress.clear();
  return outcome;
}

/** What is said after all else: a cut end is a warning, damage is thrown. */
export function endSurvey({ name }: CaptureInput, about: CaptureAbout, { error }: ReadOutcome, io: Io): void {
  if (error !== null) throw error;
  if (about.cut === null) return;
  const { fileOffset, missingBytes } = about.cut;
  io.stderr.write(
    `relayscope: warning: ${printable(name)}: cut at byte ${fileOffset}, in the middle of a packet: at least ${missingBytes} bytes are missing\n`,
  );
}
