import { printable } from '../../src/printable.ts';
import type { StackNote } from '../../src/trace/trace-note.ts';
import { counted, duration } from './format-number.ts';
import type { Page } from './page.ts';

const SHOWN_FRAMES = 6;
const FRAMES_WITH_LOCALS = 2;
const LOCALS_INDENT = 9;
/** A longer value of a local stands in the JSON. */
const MAX_LOCAL_CHARS = 60;

/** The stack of a frozen thread, and the locals of its innermost frames. */
export function showStack(page: Page, note: StackNote, frames = SHOWN_FRAMES): void {
  page.line(`The stack of ${threadOf(note)}, ${duration(note.atMs)} after it began`);
  for (const [index, frame] of note.frames.slice(0, frames).entries()) {
    const where = page.paint('dim', `${shortUrl(frame.url)}:${frame.line}:${frame.column}`);
    page.line(`     ${printable(frame.function)}  ${where}`);
    // The innermost tell what it goes round in; an object's mere type tells nothing.
    const locals = index < FRAMES_WITH_LOCALS ? frame.locals.filter(({ value }) => !isBareType(value)) : [];
    page.items(
      LOCALS_INDENT,
      locals.map(({ name, value }) => `${printable(name)} = ${printable(value, MAX_LOCAL_CHARS)}`),
    );
  }
  const more = Math.max(0, note.frames.length - frames) + (note.omitted ?? 0);
  const rest = more > 0 ? `     … and ${counted(more, 'more frame')}; ` : '     ';
  page.line(page.paint('dim', `${rest}all locals: --json`));
}

/** `Object`, `CopyBuffer`, `(optimized away)`: no value. */
function isBareType(value: string): boolean {
  return /^(?:[A-Z]\w*|\(optimized away\))$/.test(value);
}

function threadOf({ thread }: StackNote): string {
  return thread === 'main' ? 'the main thread' : printable(thread);
}

/** The end of a long path says more than its beginning. */
function shortUrl(url: string): string {
  const text = printable(url.replace(/^file:\/\//, ''), 2000);
  return text.length > 60 ? `…${text.slice(-59)}` : text;
}
