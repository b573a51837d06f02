import { resolveDialect } from '../../src/copy/dialect.ts';
import { printable } from '../../src/printable.ts';
import { readFaultPlan } from '../faults/read-fault-plan.ts';
import { REPLAY_LEVELS, type Conversation, type ReplayLevel } from '../replay/conversation.ts';
import { judgeReplay, type ReplayVerdict } from '../replay/judge-replay.ts';
import { readConversation } from '../replay/read-conversation.ts';
import { replayInMemory } from '../replay/replay-in-memory.ts';
import { replayObject, replayReport } from '../replay/replay-report.ts';
import type { ReplayResult } from '../replay/replay-result.ts';
import { replayScenario } from '../replay/replay-scenario.ts';
import { Page } from '../report/page.ts';
import { captureSource } from './capture-source.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_STUCK, type Io } from './command.ts';
import { integerOption } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** What `replay` takes for a capture. */
export const CAPTURE_OPTIONS = {
  flow: { type: 'string' },
  level: { type: 'string' },
  rhythm: { type: 'boolean' },
  dialect: { type: 'string' },
  faults: { type: 'string' },
} as const;

export interface CaptureValues {
  readonly flow?: string | undefined;
  readonly level?: string | undefined;
  readonly rhythm?: boolean | undefined;
  readonly dialect?: string | undefined;
  readonly faults?: string | undefined;
  readonly json?: boolean | undefined;
}

const MAX_FLOW = 1_000_000_000;
const EXITS: Readonly<Record<ReplayVerdict, number>> = { same: EXIT_OK, differs: EXIT_FAILED, stuck: EXIT_STUCK };

/** Replays one connection of a capture, and tells what came of it. @returns the exit code. */
export async function replayCapture(file: string, values: CaptureValues, io: Io): Promise<number> {
  const flow = values.flow === undefined ? undefined : integerOption('flow', values.flow, 1, MAX_FLOW);
  const level = levelOption(values.level);
  const dialect = values.dialect ?? 'checked';
  // For its complaint about what is none.
  resolveDialect(dialect);
  const plan = values.faults === undefined ? undefined : await readFaultPlan(values.faults);
  const name = file === '-' ? 'standard input' : printable(file);
  const conversation = await readConversation(captureSource(file, io), name, { flow, level });
  const scenario = replayScenario(conversation, {
    title: titleOf(name, conversation),
    dialects: [dialect],
    plan,
    rhythm: values.rhythm ?? false,
  });
  const result: ReplayResult = replayInMemory(scenario, dialect);
  const judged = judgeReplay(conversation, result);
  const through = `in memory, ${dialect}${plan === undefined ? '' : `, with ${printable(values.faults ?? '')}`}`;
  const told = { name, conversation, through, result, judged };
  if (values.json === true) io.stdout.write(`${JSON.stringify(replayObject(told))}\n`);
  else replayReport(new Page(io, { keepsOn: true }), told);
  return EXITS[judged.verdict];
}

function titleOf(name: string, { flow: { id } }: Conversation): string {
  return `Flow ${id} of ${name}`;
}

function levelOption(text: string | undefined): ReplayLevel | undefined {
  if (text === undefined) return undefined;
  const level = REPLAY_LEVELS.find((one) => one === text);
  if (level !== undefined) return level;
  throw new UsageError(`Wrong --level: expected one of ${REPLAY_LEVELS.join(', ')}, got ${JSON.stringify(text)}`);
}
