import type { Io } from '../../io.ts';
import { Page } from '../../report/page.ts';
import { Progress } from '../../report/progress.ts';
import { jsonLine } from '../../report/trace-json.ts';
import { counted, thousands } from '../../report/format-number.ts';
import { CaptureError } from '../capture-error.ts';
import { readCapture } from '../read/read-capture.ts';
import { inFile } from '../report/in-file.ts';
import { PROGRESS_PACKETS, type CaptureInput } from '../report/survey-capture.ts';
import { untilAborted } from '../report/until-aborted.ts';
import type { CaptureFacts, Finding } from './capture-facts.ts';
import { examine } from './examine.ts';
import { FactCollector } from './fact-collector.ts';
import { tcpdumpCommand } from './tcpdump-command.ts';

const INDENT = 2;

/**
 * Says what is wrong with a capture, and how to take it again. Returns whether anything is. Throws the CaptureError that ended
 * it, after what was found until then has been said.
 */
export async function examineCapture(
  { name, bytes }: CaptureInput,
  { json }: { readonly json: boolean },
  io: Io,
): Promise<boolean> {
  const collector = new FactCollector();
  const { facts } = collector;
  const progress = new Progress(io.stderr, 'packets read', PROGRESS_PACKETS);
  let error: CaptureError | null = null;
  try {
    facts.form = await readCapture(untilAborted(bytes, io.signal), {
      packet: (packet) => {
        collector.packet(packet);
        progress.at(packet.number);
      },
      note: (note) => {
        collector.note(note);
      },
      settle: () => {
        collector.settle();
      },
    });
  } catch (thrown) {
    if (!(thrown instanceof CaptureError)) throw thrown;
    error = inFile(name, thrown);
  }
  progress.clear();
  if (io.signal.aborted) return false;
  // Of what is no capture there is nothing to say.
  if (error !== null && facts.about.packets === 0) throw error;
  collector.end();
  const findings = examine(facts);
  const command = findings.length > 0 ? tcpdumpCommand(facts) : null;
  if (json) io.stdout.write(jsonLine(report(name, facts, { findings, command, error })));
  else show(io, name, facts, { findings, command });
  if (error !== null) throw error;
  return findings.length > 0;
}

interface Result {
  readonly findings: readonly Finding[];
  readonly command: string | null;
}

function show(io: Io, name: string, facts: CaptureFacts, { findings, command }: Result): void {
  const page = new Page(io);
  const { about, flows } = facts;
  page.line(page.paint('bold', name));
  page.row(
    'capture',
    `${counted(about.packets, 'packet')}, ${thousands(facts.segments)} of them TCP, in ${counted(flows, 'flow')}`,
  );
  for (const { code, message } of findings) {
    page.line();
    page.line(page.paint('red', code));
    page.row('', message, INDENT);
  }
  page.line();
  if (command === null) page.line('Nothing is wrong with it.');
  else {
    page.line('To take it again:');
    // In one piece, to be copied: no terminal cuts it.
    page.flush();
    io.stdout.write(`  ${command}\n`);
  }
  page.flush();
}

function report(
  name: string,
  facts: CaptureFacts,
  { findings, command, error }: Result & { readonly error: CaptureError | null },
): object {
  return {
    schema: 1,
    file: name,
    format: facts.form?.format ?? null,
    packing: facts.form?.packing ?? null,
    packets: facts.about.packets,
    segments: facts.segments,
    flows: facts.flows,
    findings,
    command,
    error: error === null ? null : { code: error.code, message: error.message, ...error.place },
  };
}
