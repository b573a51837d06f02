import { printable } from '../../src/printable.ts';
import type { Finding } from '../../src/diagnose/finding.ts';
import { FINDING_CLASSES } from '../../src/diagnose/finding-class.ts';
import { unjudgedClasses } from '../../src/diagnose/sight.ts';
import type { DiagnosedTrace } from './diagnose-trace.ts';
import { groupFindings, type FindingGroup } from './finding-groups.ts';
import { failedLines } from './failed-lines.ts';
import { findingTitle, numbersText, publicLink } from './finding-text.ts';
import { counted, thousands } from './format-number.ts';
import type { TraceInput } from './open-input.ts';
import type { Page } from './page.ts';
import { shellWord } from './shell-word.ts';
import { showStack } from './show-stack.ts';
import { unexplained } from './unexplained.ts';
import { verdictText } from './verdict-text.ts';
import { showProof } from './why-proof.ts';

/** So many findings are told in full; of the others one line each, so many of them. */
const TOLD_IN_FULL = 2;
const TOLD_BRIEFLY = 8;
const SHOWN_FRAMES = 3;
const SHOWN_OTHERS = 8;
const SHOWN_WARNINGS = 2;

export interface WhyOptions {
  /** Only of this connection; null: of all. */
  readonly connection: number | null;
  /** All findings in full, and each class that cannot be judged. */
  readonly all: boolean;
}

/** The diagnosis of a trace for a person: the name of what is wrong, the proof, where to look, and what was not seen. */
export class WhyScreen {
  readonly #page: Page;
  readonly #input: TraceInput;
  readonly #trace: DiagnosedTrace;
  readonly #options: WhyOptions;

  constructor(page: Page, input: TraceInput, trace: DiagnosedTrace, options: WhyOptions) {
    this.#page = page;
    this.#input = input;
    this.#trace = trace;
    this.#options = options;
  }

  show(findings: readonly Finding[]): void {
    const { verdicts } = this.#trace.notes;
    const { all } = this.#options;
    this.#header();
    const latest = verdicts.kept.at(-1);
    const groups = groupFindings(findings, latest?.connection);
    const inFull = all ? groups : groups.slice(0, TOLD_IN_FULL);
    for (const group of inFull) this.#finding(group);
    this.#briefly(groups.slice(inFull.length));
    if (groups.length === 0) this.#nothing();
    this.#stack();
    this.#next(groups[0]?.first);
    this.#sight();
  }

  #header(): void {
    const page = this.#page;
    const { notes, missing } = this.#trace;
    page.line(page.paint('bold', this.#input.name));
    if (notes.about.title !== undefined) page.row('what', printable(notes.about.title));
    for (const verdict of notes.verdicts.kept.slice(-2)) page.row('outcome', verdictText(page, verdict));
    if (missing > 0) page.row('gaps', `${counted(missing, 'record is', 'records are')} missing`);
    for (const warning of notes.warnings.kept.slice(0, SHOWN_WARNINGS))
      page.row(page.paint('yellow', 'warning'), printable(warning));
  }

  #nothing(): void {
    const { events, connections, kinds, sights, notes } = this.#trace;
    const { connection } = this.#options;
    const page = this.#page;
    const of = connection === null ? '' : ` of connection ${connection}`;
    const what = `${counted(events, 'event')} of ${counted(connections, 'connection')}`;
    const judged = FINDING_CLASSES.length - unjudgedClasses(kinds, sights).length;
    const looked = `nothing is found wrong${of}: ${what}, looked at for ${counted(judged, 'class', 'classes')}`;
    const failed = failedLines(this.#trace.failed, connection);
    // A trace that just stops may be of a copy that hangs all the same.
    const isOver = notes.verdicts.count > 0 || this.#isClosed();
    if (unexplained(this.#trace, [], connection) === null)
      page.row(isOver && failed.length === 0 ? page.paint('green', 'healthy') : 'no finding', looked);
    else page.row(page.paint('yellow', 'no finding'), `${looked}; what the outcome says, no class explains`);
    for (const [index, line] of failed.entries()) page.row(index === 0 ? page.paint('yellow', 'failed') : '', line);
  }

  /** Whether somebody has said that there is no more to come: of each connection that has a name, or else of the trace. */
  #isClosed(): boolean {
    const { end, names } = this.#trace.notes;
    return (end !== null || names.size > 0) && [...names.values()].every((note) => note.end !== undefined);
  }

  #finding({ first, others }: FindingGroup): void {
    const page = this.#page;
    const { connection, meaning, confidence, readings, evidence, more, consequences, lookAt, seeAlso } = first;
    page.line();
    const sure = confidence === 'certain' ? '' : ` (${confidence})`;
    page.row(page.paint('red', 'finding'), `${page.paint('red', findingTitle(first))}${sure}`);
    page.row('', `${meaning}${more > 0 ? ` (the same ${counted(more, 'more time')})` : ''}`);
    page.row('connection', this.#connection(connection, others));
    page.line('proof');
    showProof(page, first, this.#trace);
    const numbers = numbersText(evidence.numbers);
    if (numbers !== '') page.row('numbers', numbers);
    if (lookAt !== '') page.row('look at', lookAt);
    for (const [index, one] of readings.entries()) page.row(index === 0 ? 'or' : '', `${one.class}: ${one.why}`);
    for (const [index, one] of consequences.entries())
      page.row(index === 0 ? 'explains' : '', `${one.class}, ${one.direction} (event ${one.seq})`);
    if (seeAlso.length > 0) page.row('see also', seeAlso.map(publicLink).join(', '));
  }

  #briefly(groups: readonly FindingGroup[]): void {
    if (groups.length === 0) return;
    const page = this.#page;
    page.line();
    for (const [index, { first, others }] of groups.slice(0, TOLD_BRIEFLY).entries()) {
      const rest = others.length > 0 ? `, and ${others.length} more` : '';
      const where = `connection ${first.connection}${rest}, event ${first.seq}`;
      page.row(index === 0 ? page.paint('red', 'also') : '', `${findingTitle(first)} (${where})`);
    }
    const left = groups.length - TOLD_BRIEFLY;
    page.row('', `${left > 0 ? `and ${counted(left, 'more finding')}; ` : ''}in full: --all, --json`);
  }

  #connection(connection: number, others: readonly number[]): string {
    const note = this.#trace.notes.names.get(connection);
    const ends =
      note?.a === undefined && note?.b === undefined
        ? ''
        : `  ${printable(note.a ?? '?')} - ${printable(note.b ?? '?')}`;
    const end = note?.end === undefined ? '' : `, ${printable(note.end)}`;
    if (others.length === 0) return `${connection}${ends}${end}`;
    const named = others.slice(0, SHOWN_OTHERS).join(', ');
    const rest = others.length > SHOWN_OTHERS ? ', …' : '';
    return `${connection}${ends}${end}; the same on ${counted(others.length, 'other connection')}: ${named}${rest}`;
  }

  #stack(): void {
    const note = this.#trace.notes.stacks.kept.at(-1);
    if (note === undefined) return;
    this.#page.line();
    showStack(this.#page, note, SHOWN_FRAMES);
  }

  #next(first: Finding | undefined): void {
    if (first === undefined) return;
    const name = this.#input.name === 'standard input' ? 'FILE' : shellWord(this.#input.name);
    this.#page.line();
    this.#page.row('next', `relayscope inspect ${name} --around ${first.seq}`);
    this.#page.row('', `relayscope list findings ${first.class}`);
  }

  #sight(): void {
    const page = this.#page;
    const { notes, unkept, forgotten, kinds, sights } = this.#trace;
    if (forgotten > 0) {
      const text = `${counted(forgotten, 'connection')} of those that were open at once: more than are looked at together`;
      page.row('left out', text);
    }
    if (unkept > 0) page.row('left out', `${thousands(unkept)} more findings: there was no room for them`);
    const unjudged = unjudgedClasses(kinds, sights);
    if (unjudged.length === 0) return;
    const isOpen = notes.verdicts.count === 0 && notes.end === null;
    const open = isOpen ? '; and nobody has said how it ended' : '';
    const what = `${unjudged.length} of ${FINDING_CLASSES.length} classes need events that this trace has not${open}`;
    page.row('not seen', this.#options.all ? what : `${what}: --all`);
    if (!this.#options.all) return;
    for (const { class: name, missing, why } of unjudged)
      page.row('', `${name}: ${why ?? missing.map((set) => set.join(' or ')).join(', and ')}`);
  }
}
