import { join } from 'node:path';
import type { CallResult } from './client-call.ts';
import { unreadBytes } from './kernel-queue.ts';
import { readBack } from './read-back.ts';
import type { Stage } from './stage.ts';
import type { StepResult } from './step-result.ts';
import type { Step } from './step.ts';
import { stuckIn } from './stuck-in.ts';
import { SupervisedRelay, type RelayFate } from './supervised-relay.ts';
import { summariseTrace } from './summarise-trace.ts';

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
  // Two pumps are no copy: there is nothing to record.
  const tracePath = kind === 'two-pumps' ? null : join(stage.tracesFolder, `${step.name}.trace`);
  const about = { title: step.title, dialect };
  const relay = await SupervisedRelay.start(job, { limitMs, signal: stage.signal, tracePath, about });
  // The client is told to stop when the step is over, however it ends.
  const over = new AbortController();
  const signal = AbortSignal.any([stage.signal, over.signal]);
  try {
    const target = { proxyPort: relay.port, originPort: origin.port, host: stage.host };
    const call = (step.relay === 'plain' ? stage.callEcho : stage.client.call)(target, signal);
    const fate = await Promise.race([relay.fate, aborted(stage.signal)]);
    const stuck = fate.kind === 'frozen';
    const evidence = stuck ? { replyBytes: origin.bytesSent(), ...(await unread(stage.serverPort)) } : {};
    if (stuck && tracePath !== null && !(await showsLoop(tracePath))) await relay.secondLook();
    // A frozen relay never answers: end it, so that its client sees that.
    if (stuck || fate.kind === 'silent') await relay.end();
    const answer = await call;
    await relay.end();
    const trace = tracePath === null ? {} : await traced(step, tracePath);
    return { ...told(step, fate, trace), ...evidence, ...answerOf(answer) };
  } finally {
    over.abort();
    await relay.end();
  }
}

/** Whether the trace has the stack of the copy's loop; one taken earlier may be of something else. */
async function showsLoop(tracePath: string): Promise<boolean> {
  const { stack } = await readBack(tracePath);
  return stack !== null && stuckIn(stack).stack !== undefined;
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

/** What the trace of a step tells of it. */
async function traced(step: Step, trace: string): Promise<Partial<StepResult>> {
  const { events, stack, findings } = await readBack(trace);
  const { reads, written, offered, reported, direction, iterations, pos, cap, read_done } = summariseTrace(events);
  const wrong = offered !== undefined && reported !== undefined;
  return {
    dialect: step.dialect,
    trace,
    direction,
    iterations,
    readsOfReply: reads[step.swapped ? 'a -> b' : 'b -> a'],
    aToB: written['a -> b'],
    bToA: written['b -> a'],
    ...(wrong ? { offered, reported } : {}),
    ...(wrong && pos !== undefined && cap !== undefined && read_done !== undefined ? { pos, cap, read_done } : {}),
    ...(stack === null ? {} : stuckIn(stack)),
    findings: findings.map(({ class: name, direction: of, seq, meaning }) => ({
      class: name,
      direction: of,
      seq,
      meaning,
    })),
  };
}

function told({ name }: Step, fate: RelayFate, trace: Partial<StepResult>): StepResult {
  switch (fate.kind) {
    case 'frozen': {
      const { outcome, silentMs = 0 } = fate.verdict;
      return { ...trace, name, outcome: outcome === 'spinning' ? 'spinning' : 'blocked', verdictMs: silentMs };
    }
    case 'pump-waits':
      return {
        name,
        outcome: 'parked',
        direction: fate.pump,
        ...fate.counts,
        verdictMs: Math.round(fate.sinceCloseMs),
      };
    case 'silent':
      return { ...trace, name, outcome: 'unfinished' };
    case 'ended': {
      const { counts, code, message } = fate;
      // Without a wrong count no direction is at fault.
      const { direction, ...rest } = trace;
      const common = {
        ...rest,
        ...(rest.offered === undefined || direction === undefined ? {} : { direction }),
        name,
        ...counts,
      };
      if (code === undefined) return { ...common, outcome: 'completed' };
      return { ...common, outcome: 'failed', code, ...(message === undefined ? {} : { message }) };
    }
  }
}

/** What a step's result is not, though the story says it is: a line each. */
export function unexpected(result: StepResult, expected: Partial<StepResult>): string[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    const got = result[key as keyof StepResult];
    return got === value ? [] : [`${result.name}: ${key}: expected ${shown(value)}, got ${shown(got)}`];
  });
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
