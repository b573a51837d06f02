import type { Io } from '../io.ts';
import { requestBytes } from './client-call.ts';
import { runStep, unexpected } from './run-step.ts';
import { Screen } from './screen.ts';
import { setStage } from './stage.ts';
import type { StepResult } from './step-result.ts';
import { STEPS } from './step.ts';

export interface DemoOptions {
  /** The host that the client asks for: its length is part of every number. */
  readonly host: string;
  readonly tracesFolder: string;
  /** One JSON object at the end instead of the screen. */
  readonly json: boolean;
}

/** Tells the whole story. Returns whether every step came out as told. */
export async function runDemo(options: DemoOptions, io: Io): Promise<boolean> {
  const bytes = requestBytes(options.host).length;
  const stage = await setStage({ ...options, signal: io.signal, env: io.env });
  const screen = options.json ? null : new Screen(io.stdout, io.stdout.isTTY && (io.env['NO_COLOR'] ?? '') === '');
  const results: StepResult[] = [];
  const differences: string[] = [];
  try {
    screen?.opening(options.host, bytes, stage.client.name);
    for (const [index, step] of STEPS.entries()) {
      screen?.step(index + 1, step);
      const result = await runStep(step, stage).catch((error: unknown) => {
        // Asked to stop, a step may end in any way.
        if (io.signal.aborted) return null;
        throw error;
      });
      if (result === null || io.signal.aborted) return false;
      const unlike = unexpected(result, step.expected(result, bytes));
      results.push(result);
      differences.push(...unlike);
      screen?.result(step, result, unlike);
    }
  } finally {
    await stage.close();
  }
  const ok = differences.length === 0;
  const traceOf = (name: string): string | undefined => results.find((result) => result.name === name)?.trace;
  const [good, bad] = [traceOf('fixed'), traceOf('off-by-one')];
  screen?.closing(ok, { ...(good === undefined ? {} : { good }), ...(bad === undefined ? {} : { bad }) });
  if (options.json)
    io.stdout.write(`${JSON.stringify({ schema: 1, client: stage.client.name, ok, differences, steps: results })}\n`);
  return ok;
}
