import { LawBroken, type Breach } from './breach.ts';
import { CaseRun } from './case-run.ts';
import { onlyFromInside } from './laws/re-entrancy.ts';
import type { StreamCase } from './stream-case.ts';
import type { Subject } from './subject.ts';

/** One case against a fresh stream. The first breach ends it; null: every law held. Throws CheckError if there is no stream to check. */
export async function runCase(subject: Subject, streamCase: StreamCase): Promise<Breach | null> {
  const breach = await runOnce(subject, streamCase);
  if (breach === null || streamCase.inner.wakesAtOnce !== true || breach.law === 're-entrancy') return breach;
  // The same once more, without wakes from inside a poll: is it these?
  const { wakesAtOnce: _, ...inner } = streamCase.inner;
  const without = await runOnce(subject, { ...streamCase, inner });
  return without === null ? onlyFromInside(breach) : breach;
}

async function runOnce(subject: Subject, streamCase: StreamCase): Promise<Breach | null> {
  const open = await subject.open(streamCase);
  const run = new CaseRun(subject, open, streamCase);
  try {
    await run.run();
    return null;
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    const { law, call, mayFollowFrom } = error;
    const { waitedMs = 0 } = open;
    const message = waitedMs === 0 ? error.message : `${error.message} (${waitedMs} ms were given to its timers)`;
    return { law, message, step: run.step, call, mayFollowFrom };
  } finally {
    await open.close();
  }
}
