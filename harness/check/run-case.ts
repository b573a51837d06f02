import { LawBroken, type Breach } from './breach.ts';
import { CaseRun } from './case-run.ts';
import type { StreamCase } from './stream-case.ts';
import type { Subject } from './subject.ts';

/** One case against a fresh stream. The first breach ends it; null: every law held. Throws CheckError if there is no stream to check. */
export async function runCase(subject: Subject, streamCase: StreamCase): Promise<Breach | null> {
  const open = await subject.open(streamCase);
  const run = new CaseRun(subject, open, streamCase);
  try {
    await run.run();
    return null;
  } catch (error) {
    if (!(error instanceof LawBroken)) throw error;
    const { waitedMs = 0 } = open;
    const message = waitedMs === 0 ? error.message : `${error.message} (${waitedMs} ms were given to its timers)`;
    return { law: error.law, message, step: run.step, call: error.call };
  } finally {
    await open.close();
  }
}
