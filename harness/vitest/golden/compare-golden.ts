import type { TraceItem } from '../../../src/trace/trace-item.ts';
import { readNdjson } from '../../../src/trace/file/open-trace.ts';
import { DiffScreen } from '../../report/diff-screen.ts';
import { diffTraces } from '../../report/diff-traces.ts';
import { EventFilter } from '../../report/event-filter.ts';
import { inspectedItems } from '../../report/inspected-item.ts';
import { Page } from '../../report/page.ts';

/** Narrower than what two traces side by side need: they stand one below the other, as a report of tests has room for. */
const COLUMNS = 100;
const never = new AbortController().signal;

/** What is compared beside the steps: the end of the trace. */
const TOLD_LINE = /^\{"chunk":"(?:verdict|connection)"/;

/**
 * Where a trace parts from the golden one, as lines for a person: the first step that differs with what is around it on both sides,
 * or how it ended. No lines: they are the same, however often a loop repeats itself. Both are texts of `goldenText`.
 */
export async function compareGolden(golden: string, made: string, name: string): Promise<string[]> {
  if (golden === made) return [];
  const [good, bad] = [itemsOf(golden), itemsOf(made)];
  const diff = await diffTraces(inspectedItems(good, never), inspectedItems(bad, never), {
    filter: new EventFilter({}),
    only: null,
  });
  if (!diff.same) {
    let text = '';
    const write = (piece: string): void => {
      text += piece;
    };
    const out = { write, isTTY: true, columns: COLUMNS };
    const page = new Page({ stdout: out, stderr: out, env: { NO_COLOR: '1' }, signal: never });
    new DiffScreen(page, { good: name, bad: 'this test' }).show(diff);
    page.flush();
    return text.trimEnd().split('\n');
  }
  return differingNotes(golden, made);
}

function itemsOf(text: string): AsyncIterable<TraceItem> {
  return readNdjson([Buffer.from(text)]);
}

/** The steps are the same: whether the ends are, too. */
function differingNotes(golden: string, made: string): string[] {
  const [before, after] = [notesOf(golden), notesOf(made)];
  const lines: string[] = [];
  for (let at = 0; at < Math.max(before.length, after.length); at += 1) {
    if (before[at] === after[at]) continue;
    lines.push(
      `the same steps, but the golden one has  ${before[at] ?? 'nothing'}`,
      `                            this one has  ${after[at] ?? 'nothing'}`,
    );
    break;
  }
  return lines;
}

/** A verdict without its sentence: the numbers in it are not the outcome. */
function notesOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => TOLD_LINE.test(line))
    .map((line) => line.replace(/,"message":"(?:[^"\\]|\\.)*"/, ''));
}
