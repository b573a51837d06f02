import { printable } from '../../src/printable.ts';
import { NOT_MADE_SMALL } from '../check/report-text.ts';
import type { CheckRun } from '../check/worker/run-check.ts';
import { counted } from '../report/format-number.ts';
import { Page, type Style } from '../report/page.ts';
import { showStack } from '../report/show-stack.ts';
import { lawOutcomes, type LawOutcome } from './check-json.ts';
import type { CheckCommandOptions } from './check-options.ts';
import { testFileOf, type Reproduced } from './check-reproduced.ts';
import type { Io } from './command.ts';

const MAX_MESSAGE_CHARS = 400;
const LAW_COLUMNS = 32;
const SHOWN_FRAMES = 6;
const NOT_JUDGED = 'what was seen may follow from what is broken';
const STYLES: Readonly<Record<LawOutcome, Style>> = {
  ok: 'green',
  broken: 'red',
  'not judged': 'dim',
  'not applicable': 'dim',
};

/** What came of a check, for a person: the laws, each on a line, then the tests that show what is wrong. */
export function checkScreen(
  ran: CheckRun,
  reproduced: readonly Reproduced[],
  options: CheckCommandOptions,
  io: Io,
): void {
  const { adapter, flags, save } = options;
  const page = new Page(io, { keepsOn: true });
  const { inner } = ran.begun;
  const cases =
    ran.kind !== 'done'
      ? ''
      : flags.case === undefined
        ? `, ${counted(ran.report.runs, 'case')}, seed ${ran.report.seed}`
        : ', one case';
  const what = adapter.name === 'default' ? adapter.shown : `${adapter.shown}, ${adapter.name}`;
  page.line(`${printable(what)}${inner === null ? '' : `, on ${inner}`}${cases}`);
  page.line();
  if (ran.kind === 'stuck' || ran.kind === 'crashed') {
    page.row(`  ${page.paint('red', ran.kind)}`, printable(ran.message, MAX_MESSAGE_CHARS), 12);
    if (ran.kind === 'stuck' && ran.stack !== null) {
      page.line();
      showStack(page, ran.stack, SHOWN_FRAMES);
    }
  }
  const { broken, notApplicable } = ran.kind === 'done' ? ran.report : { broken: [], notApplicable: [] };
  for (const [law, outcome] of lawOutcomes(ran, options)) {
    const why = notApplicable.find((one) => one.law === law)?.why ?? (outcome === 'not judged' ? NOT_JUDGED : '');
    const message = broken.find((one) => one.law === law)?.message ?? why;
    const label = `  ${law.padEnd(14)}${page.paint(STYLES[outcome], outcome)}`;
    page.row(label, printable(message, MAX_MESSAGE_CHARS), LAW_COLUMNS);
  }
  page.flush();
  if (flags.case === undefined && broken.some(({ shrunk }) => !shrunk)) io.stdout.write(`\n${NOT_MADE_SMALL}\n`);
  // To be pasted: never cut, nor wrapped.
  if (reproduced.length > 0 && save === null) io.stdout.write(`\n${testFileOf(reproduced)}`);
}
