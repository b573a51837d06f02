import { counted, dateTime, duration, thousands } from '../../report/format-number.ts';
import type { Page } from '../../report/page.ts';
import type { CaptureForm } from '../read/read-capture.ts';
import { printable } from '../../../src/printable.ts';
import type { CaptureAbout } from './capture-about.ts';
import { describeSide } from './describe-side.ts';
import { entryLine } from './entry-line.ts';
import type { FlowRecord } from './flow-record.ts';
import { isOver, type FlowSurvey } from './flow-survey.ts';
import type { KeptEntries } from './kept-entries.ts';
import { linkTypeName } from './link-type-name.ts';

const SHOWN_OTHERS = 4;
/** Text without dates has times of some day; in 1970 nobody captured anything. */
const FIRST_DATE_MS = 366 * 86_400_000;

export interface CaptureScreenOptions {
  readonly name: string;
  /** So many connections are shown. */
  readonly limit: number;
  readonly lines: ReadonlyMap<FlowRecord, KeptEntries>;
}

/** What a capture holds, as a person reads it. */
export class CaptureScreen {
  readonly #page: Page;
  readonly #survey: FlowSurvey;
  readonly #about: CaptureAbout;

  constructor(page: Page, survey: FlowSurvey, about: CaptureAbout) {
    this.#page = page;
    this.#survey = survey;
    this.#about = about;
  }

  show(form: CaptureForm | null, { name, limit, lines }: CaptureScreenOptions): void {
    this.header(name, form);
    const { flows, count } = this.#survey;
    const shown = flows.slice(0, limit);
    for (const record of shown) {
      this.#page.line();
      this.flow(record);
      const line = lines.get(record);
      if (line !== undefined && flows.length <= lines.size) this.#line(line, record.id);
    }
    const telling = this.#mostTelling();
    if (telling === undefined) return;
    this.#page.line();
    if (count > shown.length)
      this.#row('more', `${counted(count - shown.length, 'flow')} more: --limit N, or all of them with --json`);
    this.#row('next', `relayscope inspect ${name} --flow ${telling.id}`);
    if (form?.format !== 'har') this.#row('', `relayscope doctor ${name}`);
  }

  header(name: string, form: CaptureForm | null): void {
    const { packets, others, interfaces, dropped, skipped } = this.#about;
    this.#page.line(this.#page.paint('bold', name));
    const links = [...new Set(interfaces.map(({ linkType }) => linkTypeName(linkType)))];
    this.#row('capture', [...formOf(form), ...links].join(', '));
    for (const { name: of, filter } of interfaces.slice(0, SHOWN_OTHERS)) {
      if (of === undefined) continue;
      this.#row('interface', `${printable(of)}${filter === undefined ? '' : `, filter "${printable(filter)}"`}`);
    }
    const { span } = this.#survey;
    const began = span === null || span.firstMs < FIRST_DATE_MS ? undefined : dateTime(span.firstMs);
    const time = span === null ? '' : ` over ${duration(span.lastMs - span.firstMs)}`;
    this.#row('packets', `${thousands(packets)}${time}${began === undefined ? '' : ` from ${began}`}`);
    const kinds = [...others].toSorted(([, one], [, other]) => other - one);
    if (kinds.length > 0) {
      const told = kinds.slice(0, SHOWN_OTHERS).map(([why, n]) => `${thousands(n)} ${why}`);
      const more = kinds.length > SHOWN_OTHERS ? ', …' : '';
      this.#row('not TCP', `${told.join(', ')}${more}`);
    }
    if (dropped > 0) this.#row('dropped', `${counted(dropped, 'packet')}, says the program that captured`);
    if (skipped > 0) this.#row('left out', `${counted(skipped, 'part')} of the file`);
    this.#flows();
  }

  /** One connection: who, what, and how each side of it ended. */
  flow(record: FlowRecord): void {
    const [a, b] = record.sides;
    const protocols =
      record.protocols.length > 0 ? record.protocols.join(', ') : a.bytes + b.bytes > 0 ? 'unknown' : 'no data';
    const began = record.began === 'midway' ? ', began before the capture' : '';
    this.#row(
      this.#page.paint('bold', `flow ${record.id}`),
      `${record.client} -> ${record.server}  ${protocols}${began}`,
    );
    this.#row('  a -> b', describeSide(a, b));
    this.#row('  b -> a', describeSide(b, a));
    if (record.undecodable > 0) {
      const times = record.undecodable > 1 ? ` (and ${counted(record.undecodable - 1, 'time')} more)` : '';
      this.#row('  not read', `${printable(record.undecodableWhy)}${times}`);
    }
  }

  /** The connection that is most likely the one in question: the first of those open that have been silent the longest, or the last. */
  #mostTelling(): FlowRecord | undefined {
    const { flows } = this.#survey;
    const open = flows.filter((record) => !isOver(record));
    const [first] = open;
    if (first === undefined) return flows.at(-1);
    return open.reduce((found, record) => (record.lastMs < found.lastMs ? record : found), first);
  }

  #flows(): void {
    const { flows, count, span } = this.#survey;
    const parts = [thousands(count)];
    const open = flows.filter((record) => !isOver(record));
    if (open.length > 0) parts.push(`${thousands(open.length)} of them open at the end`);
    const silences = span === null ? [] : open.map(({ lastMs }) => span.lastMs - lastMs);
    const longest = silences.reduce((most, ms) => Math.max(most, ms), 0);
    if (longest >= 1000) parts.push(`silent for up to ${duration(longest)}`);
    this.#row('flows', parts.join(', '));
  }

  #line(line: KeptEntries, id: number): void {
    this.#page.line();
    for (const entry of line.first) this.#page.line(entryLine(entry));
    if (line.leftOut > 0) this.#page.line(`             … ${thousands(line.leftOut)} more: --flow ${id}`);
    for (const entry of line.latest()) this.#page.line(entryLine(entry));
  }

  #row(label: string, text: string): void {
    this.#page.row(label, text);
  }
}

function formOf(form: CaptureForm | null): string[] {
  if (form === null) return ['damaged'];
  return form.packing === null ? [form.format] : [form.format, `packed with ${form.packing}`];
}
