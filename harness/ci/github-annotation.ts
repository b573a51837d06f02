import { relative, resolve, sep } from 'node:path';
import { spellControl } from './spell-control.ts';
import { troubleOf, type ReportSuite } from './report-suite.ts';

/** GitHub shows so many errors of a step, and drops the rest without a word. */
const MAX_ANNOTATIONS = 10;
/** Of a message: what is longer is cut there in the middle of it. */
const MAX_MESSAGE_CHARS = 4000;

export interface Annotation {
  /** Default: error. */
  readonly level?: 'error' | 'warning';
  readonly title: string;
  readonly message: string;
  /** From the top of the repository. */
  readonly file?: string;
  readonly line?: number;
}

/** `::error file=…,line=…,title=…::…`, the line that makes GitHub show an error or a warning beside the file. */
export function annotationText({ level = 'error', title, message, file, line }: Annotation): string {
  const properties = [
    ...(file === undefined ? [] : [`file=${property(file)}`]),
    ...(line === undefined ? [] : [`line=${line}`]),
    `title=${property(title)}`,
  ];
  const cut = message.length > MAX_MESSAGE_CHARS ? `${message.slice(0, MAX_MESSAGE_CHARS - 1)}…` : message;
  return `::${level} ${properties.join(',')}::${data(cut)}`;
}

/** One for each suite that is not as it should be, as far as GitHub shows them; the last one says how many more there are. */
export function annotationsOf(suites: readonly ReportSuite[], workspace: string): Annotation[] {
  const all = suites.filter((suite) => troubleOf(suite).length > 0).map((suite) => annotationOf(suite, workspace));
  if (all.length <= MAX_ANNOTATIONS) return all;
  const told = all.slice(0, MAX_ANNOTATIONS - 1);
  const names = all.slice(told.length).map(({ title }) => title);
  return [...told, { title: `${names.length} more are not as expected`, message: names.join('\n') }];
}

function annotationOf(suite: ReportSuite, workspace: string): Annotation {
  const trouble = troubleOf(suite);
  const [first] = trouble;
  const more = trouble.length > 1 ? ` (and ${trouble.length - 1} more)` : '';
  return {
    title: `${suite.name}: ${first?.message ?? ''}${more}`,
    message: trouble.map(({ text }) => text).join('\n\n'),
    ...(suite.file === null ? {} : { file: fromTop(suite.file, workspace) }),
    ...(suite.line === null ? {} : { line: suite.line }),
  };
}

/** The command may have been started further down. */
function fromTop(file: string, workspace: string): string {
  return relative(workspace, resolve(file)).split(sep).join('/');
}

/** As the toolkit of GitHub's actions escapes them. */
function data(text: string): string {
  return spellControl(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
