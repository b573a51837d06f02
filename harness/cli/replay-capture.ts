import { basename } from 'node:path';
import { printable } from '../../src/printable.ts';
import { untilAborted } from '../capture/report/until-aborted.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { readFaultPlan } from '../faults/read-fault-plan.ts';
import type { Conversation } from '../replay/conversation.ts';
import { judgeReplay, type ReplayVerdict } from '../replay/judge-replay.ts';
import { readConversation } from '../replay/read-conversation.ts';
import { replayInMemory } from '../replay/replay-in-memory.ts';
import { replayObject, replayReport } from '../replay/replay-report.ts';
import type { ReplayResult } from '../replay/replay-result.ts';
import { replayScenario } from '../replay/replay-scenario.ts';
import { writeReplayDocument } from '../replay/write-replay-document.ts';
import { replayThroughTunnel } from '../replay/replay-through-tunnel.ts';
import { replayThroughRelay } from '../replay/through/replay-through-relay.ts';
import type { Source } from '../report/open-input.ts';
import { Page } from '../report/page.ts';
import { formatTarget } from '../tunnel/target.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_STUCK, type Io } from './command.ts';
import { integerOption } from './parse-options.ts';
import { carrierOf, levelOption, scenarioOption, type CaptureValues, type ReplayCarrier } from './replay-options.ts';

const MAX_FLOW = 1_000_000_000;
const EXITS: Readonly<Record<ReplayVerdict, number>> = { same: EXIT_OK, differs: EXIT_FAILED, stuck: EXIT_STUCK };

/** What a conversation is driven with, beside the relay. */
interface Drive {
  readonly title: string;
  readonly plan: FaultPlan | undefined;
  readonly rhythm: boolean;
  readonly signal: AbortSignal;
}

/** Replays one connection of a capture, and tells what came of it. @returns the exit code. */
export async function replayCapture(
  { name, bytes }: Pick<Source, 'name' | 'bytes'>,
  values: CaptureValues & { readonly json?: boolean | undefined },
  io: Io,
): Promise<number> {
  const flow = values.flow === undefined ? undefined : integerOption('flow', values.flow, 1, MAX_FLOW);
  const level = levelOption(values.level);
  const carrier = carrierOf(values);
  const scenarioPath = scenarioOption(values, carrier);
  const plan = values.faults === undefined ? undefined : await readFaultPlan(values.faults);
  const conversation = await readConversation(untilAborted(bytes, io.signal), name, { flow, level });
  const title = `Flow ${conversation.flow.id} of ${basename(name)}`;
  const { rhythm = false } = values;
  const driven = { title, plan, rhythm, signal: io.signal };
  const result = await drive(conversation, carrier, driven);
  const judged = judgeReplay(conversation, result);
  const faults = values.faults === undefined ? '' : `, with ${printable(values.faults)}`;
  const written =
    scenarioPath === null
      ? null
      : await writeReplayDocument(scenarioPath, conversation, {
          ...driven,
          dialect: carrier.kind === 'relay' ? 'checked' : carrier.dialect,
          redact: values.redact ?? false,
          force: values.force ?? false,
        });
  const told = { name, conversation, through: `${carrierText(carrier)}${faults}`, result, judged, written };
  if (values.json === true) io.stdout.write(`${JSON.stringify(replayObject(told))}\n`);
  else replayReport(new Page(io, { keepsOn: true }), told);
  if (written !== null && written.result.failures.length > 0) return EXIT_FAILED;
  return EXITS[judged.verdict];
}

async function drive(conversation: Conversation, carrier: ReplayCarrier, driven: Drive): Promise<ReplayResult> {
  switch (carrier.kind) {
    case 'memory': {
      const { dialect } = carrier;
      return replayInMemory(replayScenario(conversation, { ...driven, dialects: [dialect] }), dialect);
    }
    case 'tunnel':
      return replayThroughTunnel(conversation, { ...carrier, ...driven });
    case 'relay':
      return replayThroughRelay(conversation, { ...carrier, ...driven });
  }
}

function carrierText(carrier: ReplayCarrier): string {
  switch (carrier.kind) {
    case 'memory':
      return `in memory, ${carrier.dialect}`;
    case 'tunnel':
      return `through the tunnel, ${carrier.adapter} adapter, ${carrier.dialect}`;
    case 'relay':
      return `through the ${carrier.via} relay at ${formatTarget(carrier.through)}`;
  }
}
