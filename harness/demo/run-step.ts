import { join } from 'node:path';
import type { CallResult } from './client-call.ts';
import { unreadBytes } from './kernel-queue.ts';
import type { Stage } from './stage.ts';
import type { StepResult } from './step-result.ts';
import type { Step } from './step.ts';
import { SupervisedRelay, type RelayFate } from './supervised-relay.ts';
import { summariseTrace } from './summarise-trace.ts';
import { writeTrace } from './write-trace.ts';

/** A step that has told nothing by then is `unfinished`. */
const STEP_LIMIT_MS = 6000;
/** The least that a step gets, however long those before it took. */
const LEAST_STEP_MS = 500;

/** Runs one step with everything real, and frees all that it used. */
export async function runStep(step: Step, stage: Stage): Promise<StepResult> {
  const origin = step.relay === 'plain' ? stage.echo : stage.redirect;
  const { relay: kind, dialect, swapped } = step;
  const job = {
    relay: kind,
    dialect,
    swapped,
    originPort: origin.port,
    serverUrl: stage.serverUrl,
    token: stage.token,
  };
  const limitMs = Math.max(LEAST_STEP_MS, Math.min(STEP_LIMIT_MS, stage.remainingMs()));
  const relay = await SupervisedRelay.start(job, limitMs, stage.signal);
  // The client is told to stop when the step is over, however it ends.
  const over = new AbortController();
  const signal = AbortSignal.any([stage.signal, over.signal]);
  try {
    const target = { proxyPort: relay.port, originPort: origin.port, host: stage.host };
    const call = (step.relay === 'plain' ? stage.callEcho : stage.client.call)(target, signal);
    const fate = await Promise.race([relay.fate, aborted(stage.signal)]);
    const stuck = fate.kind === 'frozen';
    const evidence = stuck ? { replyBytes: origin.bytesSent(), ...(await unread(stage.serverPort)) } : {};
    // A frozen relay never answers: end it, so that its client sees that.
    if (stuck || fate.kind === 'silent') await relay.end();
    const answer = await call;
    return { ...(await told(step, relay, fate, stage)), ...evidence, ...answerOf(answer) };
  } finally {
    over.abort();
    await relay.end();
  }
}

function aborted(signal: AbortSignal): Promise<RelayFate> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve({ kind: 'silent' });
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function unread(port: number): Promise<Pick<StepResult, 'unreadBytes'>> {
  const bytes = await unreadBytes(port);
  return bytes === null ? {} : { unreadBytes: bytes };
}

function answerOf({ status, complaint }: CallResult): Pick<StepResult, 'status' | 'complaint'> {
  return { ...(status === undefined ? {} : { status }), ...(complaint === undefined ? {} : { complaint }) };
}

async function told(step: Step, relay: SupervisedRelay, fate: RelayFate, stage: Stage): Promise<StepResult> {
  const { name, dialect } = step;
  if (fate.kind === 'pump-waits') {
    const { counts, pump, sinceCloseMs } = fate;
    return { name, outcome: 'parked', direction: pump, ...counts, verdictMs: Math.round(sinceCloseMs) };
  }
  const events = relay.trace().filter(({ connection }) => connection <= 1);
  if (step.relay === 'two-pumps') return { name, outcome: 'unfinished' };
  const summary = summariseTrace(events);
  const { reads, written, offered, reported, direction, iterations, pos, cap, read_done } = summary;
  const trace = join(stage.tracesFolder, `${name}.ndjson`);
  await writeTrace(trace, { dialect, title: step.title, startedAt: stage.startedAt }, events);
  const wrong = offered !== undefined && reported !== undefined;
  const common = {
    name,
    dialect,
    iterations,
    trace,
    readsOfReply: reads[step.swapped ? 'a -> b' : 'b -> a'],
    ...(wrong ? { direction, offered, reported } : {}),
    ...(wrong && pos !== undefined && cap !== undefined && read_done !== undefined ? { pos, cap, read_done } : {}),
  };
  const counted = { aToB: written['a -> b'], bToA: written['b -> a'] };
  switch (fate.kind) {
    case 'frozen': {
      const outcome = fate.spinning ? 'spinning' : 'blocked';
      return { ...common, ...counted, outcome, direction, verdictMs: Math.round(fate.silentMs) };
    }
    case 'silent':
      return { ...common, ...counted, outcome: 'unfinished' };
    case 'ended': {
      const { counts, code, message } = fate;
      if (code === undefined) return { ...common, ...counts, outcome: 'completed' };
      return { ...common, ...counts, outcome: 'failed', code, ...(message === undefined ? {} : { message }) };
    }
  }
}

/** What a step's result is not, though the story says it is: a line each. */
export function unexpected(result: StepResult, expected: Partial<StepResult>): string[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const got = result[key as keyof StepResult];
    return got === value ? [] : [`${result.name}: ${key}: expected ${String(value)}, got ${String(got)}`];
  });
}
