import { stripVTControlCharacters, styleText } from 'node:util';
import type { Output } from '../io.ts';
import type { StepFinding, StepResult } from './step-result.ts';
import type { Step } from './step.ts';

/** Where the text of a row begins. */
const INDENT = ' '.repeat(14);
const MAX_COLUMNS = 120;
const MIN_TEXT_COLUMNS = 30;

/** How this program is called: from a checkout, or where it is installed. */
const COMMAND = import.meta.url.endsWith('.ts') ? 'npm run relayscope --' : 'npx relayscope';

type Style = Parameters<typeof styleText>[0];

/** The demo as a person sees it. */
export class Screen {
  readonly #out: Output;
  readonly #colours: boolean;

  constructor(out: Output, colours: boolean) {
    this.#out = out;
    this.#colours = colours;
  }

  opening(host: string, bytes: number, client: string): void {
    this.#line(this.#paint('bold', 'A relay that hangs, found, explained, gone'));
    this.#line(
      `${client} asks http://${host}/ (${bytes} bytes) through SOCKS5 → WebSocket → TCP, all of it real, on loopback.`,
    );
  }

  step(number: number, { name, title }: Step): void {
    this.#line('');
    this.#line(`${this.#paint('bold', `${number}  ${name}`)}  ${title}`);
  }

  result(step: Step, result: StepResult, differences: readonly string[]): void {
    const bad = differences.length > 0;
    this.#row(bad ? this.#paint('red', 'unlike') : this.#paint(markOf(result), result.outcome), headline(result));
    if (result.outcome === 'spinning' || result.outcome === 'blocked') this.#freeze(step, result);
    else if (result.offered !== undefined) this.#wrongCount(result);
    if (result.message !== undefined) this.#row('error', `${result.code ?? ''}: ${result.message}`);
    if (result.complaint !== undefined) this.#row('client', result.complaint);
    if (result.trace !== undefined) this.#row('trace', result.trace);
    for (const finding of result.findings ?? []) this.#finding(finding, result.trace);
    for (const difference of differences) this.#row(this.#paint('red', 'expected'), difference);
  }

  /** @param traces the files of a good and of the stuck step, to look at next. */
  closing(ok: boolean, traces: { readonly good?: string; readonly bad?: string } = {}): void {
    this.#line('');
    this.#line(
      ok
        ? 'Every step came out as told: one expression, the count that poll_write returns, makes all the difference.'
        : this.#paint('red', 'Not every step came out as told: see above.'),
    );
    const { good, bad } = traces;
    if (bad === undefined || good === undefined) return;
    this.#line('');
    // Not wrapped: they are there to be copied.
    this.#line(`   next       ${COMMAND} why ${bad}`);
    this.#line(`${INDENT}${COMMAND} inspect ${bad}`);
    this.#line(`${INDENT}${COMMAND} diff ${good} ${bad}`);
  }

  /** The lines that the story's author had printed by hand. */
  #freeze(step: Step, result: StepResult): void {
    const { direction = 'a -> b', pos = 0, cap = 0, read_done = false, iterations = 0 } = result;
    this.#line('');
    this.#wrongCount(result);
    const loop = `${direction}  #4  pos ${pos}  cap ${cap}  read_done ${read_done}  × ${iterations.toLocaleString('en')}`;
    this.#line(`     ${this.#paint('red', loop)}`);
    this.#line('');
    this.#stack(result);
    if (result.reported !== undefined && result.offered !== undefined) {
      const more = result.reported - result.offered;
      this.#row(
        'why',
        `the adapter's pollWrite returned ${more} more than the slice: it counted its own header of ${more} byte`,
      );
      this.#row('', 'pos has passed cap, and the loop waits for ever for pos == cap');
    }
    const reads = result.readsOfReply ?? 0;
    const times = `${reads} time${reads === 1 ? '' : 's'}`;
    this.#row(
      step.swapped ? 'but' : 'paradox',
      result.unreadBytes === undefined
        ? `${result.replyBytes ?? 0} bytes of the 302 were sent to the client's WebSocket,`
        : `${result.replyBytes ?? 0} bytes of the 302 have reached the client's WebSocket (with framing ${result.unreadBytes}, unread in its socket),`,
    );
    this.#row(
      '',
      step.swapped
        ? `whose pollRead was called ${times}, before there was a reply`
        : `and its pollRead was called ${times}`,
    );
  }

  /** As `relayscope why` names it; what it means stands above. */
  #finding({ class: name, direction, seq }: StepFinding, trace = 'FILE'): void {
    this.#row(this.#paint('red', 'finding'), `${name}, ${direction}, proved by event ${seq}: relayscope why ${trace}`);
  }

  /** What the debugger saw in the frozen thread. */
  #stack({ stack = [], locals = {} }: StepResult): void {
    const [loop, ...callers] = stack;
    if (loop === undefined) return;
    const fields = Object.entries(locals).map(([name, value]) => `${name} ${value}`);
    this.#row('stands in', [loop, ...callers.map((caller) => caller.replace(/ \(.*/, ''))].join(' < '));
    this.#row('', fields.join(', '));
  }

  #wrongCount({ direction = 'a -> b', offered, reported }: StepResult): void {
    if (offered === undefined || reported === undefined) return;
    this.#line(`     ${direction}  write  offered ${offered}, reported ${reported}`);
  }

  #row(label: string, text: string): void {
    const { length } = stripVTControlCharacters(label);
    const [first = '', ...more] = wrap(
      text,
      Math.max(MIN_TEXT_COLUMNS, (this.#out.columns ?? MAX_COLUMNS) - INDENT.length),
    );
    this.#line(`   ${label}${' '.repeat(Math.max(1, INDENT.length - 3 - length))}${first}`);
    for (const line of more) this.#line(`${INDENT}${line}`);
  }

  #line(text: string): void {
    this.#out.write(`${text.trimEnd()}\n`);
  }

  #paint(style: Style, text: string): string {
    return this.#colours ? styleText(style, text, { validateStream: false }) : text;
  }
}

/** Breaks a text between words; a word that is too long stands alone. */
function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function markOf({ outcome }: StepResult): Style {
  return outcome === 'completed' ? 'green' : 'yellow';
}

function headline(result: StepResult): string {
  const { outcome, status, aToB = 0, bToA = 0, verdictMs = 0, direction = 'a -> b' } = result;
  const got = status === undefined ? '' : `the client got its ${status}; `;
  switch (outcome) {
    case 'spinning':
      return `caught from outside after ${verdictMs} ms: the event loop stands still, the copy goes round without I/O`;
    case 'blocked':
      return `caught from outside after ${verdictMs} ms: the event loop stands still, and so does the copy`;
    case 'parked':
      return `${got}but the Close came ${verdictMs} ms ago, and the pump ${direction} still waits for a message`;
    case 'completed':
    case 'failed':
    case 'unfinished':
      return `${got}a -> b ${aToB} bytes, b -> a ${bToA} bytes`;
  }
}
