import { Diagnosis } from '../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import type { Recorder } from '../../src/trace/recorder.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { Verdict } from '../../src/trace/trace-note.ts';

/** What a recorder's ring shows to be wrong with the connection that a verdict is about; with all, if it names none. */
export function diagnoseNow(recorder: Recorder, dialect: string, verdict: Verdict): Finding[] {
  const diagnosis = new Diagnosis();
  diagnosis.item({ kind: 'about', about: { dialect } });
  recorder.notes.listen((note) => {
    diagnosis.item(note);
  })();
  for (const item of ringItems(recorder.buffer)) diagnosis.item(item);
  diagnosis.item({ kind: 'verdict', verdict });
  diagnosis.end();
  const { connection } = verdict;
  return diagnosis.findings().filter((found) => connection === undefined || found.connection === connection);
}
