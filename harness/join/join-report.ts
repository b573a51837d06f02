import { counted, thousands } from '../report/format-number.ts';
import type { Page } from '../report/page.ts';
import { printable } from '../../src/printable.ts';
import type { Joined } from './join.ts';
import { MAX_TIMELINE, timelineOf, type TimelineEntry } from './join-timeline.ts';
import { framing } from './judge-direction.ts';
import type { FlowWay, JoinedDirection } from './joined-direction.ts';
import type { MatchedFlow } from './match-flows.ts';

/** Of a layer: its name, its bytes, and what else there is to say. */
type Layer = readonly [name: string, bytes: string, more: string];

/** The verdict in one sentence with the numbers. */
export function joinVerdict({ directions }: Joined): string {
  return directions.map(({ direction, judged }) => `${direction}: ${judged.message}`).join('. ');
}

/** The same conversation side by side: the verdict, each direction layer by layer, and a time line. */
export function joinReport(
  page: Page,
  names: { readonly trace: string; readonly capture: string },
  joined: Joined,
): void {
  const { copy, note, matched, clock, directions, verdicts } = joined;
  page.line(`${page.paint('bold', names.trace)}  beside  ${page.paint('bold', names.capture)}`);
  page.row('connection', `${copy.connection}${namesOf(note)}`);
  for (const end of ['a', 'b'] as const) page.row(`${end} is`, flowText(matched[end]));
  page.row('clocks', clockText(clock));
  for (const { outcome, message } of verdicts.slice(-1)) page.row('trace', printable(`${outcome}: ${message}`));
  page.row(page.paint('bold', 'verdict'), joinVerdict(joined));
  for (const one of directions) showDirection(page, one, note?.end);
  const { entries, leftOut } = timelineOf(directions, clock?.shiftMs ?? null);
  page.line();
  page.line('When');
  entries.forEach((entry, index) => {
    if (leftOut > 0 && index === MAX_TIMELINE / 2) page.line(`        … ${counted(leftOut, 'more step')} …`);
    page.line(entryText(entry));
  });
}

function showDirection(page: Page, one: Joined['directions'][number], end: string | undefined): void {
  page.line();
  page.line(page.paint('bold', one.direction));
  const layers = layersOf(one, end);
  const widths = [0, 1].map((at) => Math.max(...layers.map((layer) => (layer[at] ?? '').length)));
  for (const [name, bytes, more] of layers)
    page.line(`  ${name.padEnd(widths[0] ?? 0)}  ${bytes.padStart(widths[1] ?? 0)}  ${more}`);
}

function layersOf({ source, copy, target, from, to }: JoinedDirection, end: string | undefined): Layer[] {
  const { place, read, taken, reported, rounds, readDone, isPending, latest } = copy;
  const state = [
    ...(place === null ? [] : [`pos ${place.pos}  cap ${place.cap}  read_done ${readDone}`]),
    ...(rounds > 0 ? [`goes round × ${thousands(1 + rounds)}`] : []),
    ...(isPending && latest !== null ? [`its ${latest} waits`] : []),
    ...(end === undefined || end === 'completed' ? [] : [`ended: ${printable(end)}`]),
  ];
  const over = reported > taken.bytes ? `reported ${thousands(reported)}` : '';
  return [
    ...wayLayers(source, from).toReversed(),
    ['read by the copy', thousands(read.bytes), `${counted(copy.readCalls, 'call')} of pollRead`],
    ['in its buffer', thousands(copy.buffered), state.join('  ')],
    ['written by it', thousands(taken.bytes), over],
    ...wayLayers(target, to),
  ];
}

/** From the copy's side out: what is carried, then the socket. */
function wayLayers(way: FlowWay | null, end: 'a' | 'b'): Layer[] {
  if (way === null) return [[`${end}'s socket`, '?', 'not in the capture']];
  const { side, carriedBy, bytes } = way;
  const socket = [
    `flow ${way.flowId}`,
    `${thousands(side.acknowledgedBytes)} acknowledged`,
    ...(side.gaps > 0 ? [`${counted(side.gapBytes, 'byte')} not captured`] : []),
    ...(side.end === null ? [] : [side.end === 'fin' ? 'ended' : 'reset']),
  ];
  const tcp: Layer = [`${end}'s socket`, thousands(side.tcp.bytes), socket.join(', ')];
  if (carriedBy === 'tcp') return [tcp];
  const name = carriedBy === 'socks' ? `${end}'s stream` : `${end}'s messages`;
  const frames = side.frames > 0 ? [counted(side.frames, 'frame')] : [];
  const last = side.lastWord === null ? [] : [`then ${side.lastWord}`];
  return [[name, thousands(bytes), [framing(way).trim(), ...frames, ...last].join(', ')], tcp];
}

function flowText(matched: MatchedFlow | null): string {
  if (matched === null) return 'not in the capture';
  const { flow, by, others, inbound } = matched;
  const doubt = others.length === 0 ? '' : ` (${counted(others.length, 'other')} would fit, less well in time)`;
  const role = inbound === 0 ? 'its client' : 'its server';
  return `flow ${flow.id}, ${flow.client} - ${flow.server}, ${role}; by ${by}${doubt}`;
}

function clockText(clock: Joined['clock']): string {
  if (clock === null) return 'not known: nothing happened in both';
  if (clock.isOneClock) return 'one: the times of the capture fit those of the trace';
  return `two: what was read first is taken to have come just then`;
}

function namesOf(note: Joined['note']): string {
  const { a, b } = note ?? {};
  return a === undefined && b === undefined ? '' : `  ${printable(a ?? '?')} - ${printable(b ?? '?')}`;
}

function entryText({ atMs, direction, layer, offset }: TimelineEntry): string {
  const [from, to] = direction === 'a -> b' ? ['a', 'b'] : ['b', 'a'];
  const what = {
    source: `reached ${from}'s socket`,
    read: 'read by the copy',
    written: 'written by the copy',
    target: `sent on ${to}'s socket`,
  }[layer];
  return `${(atMs / 1000).toFixed(4).padStart(10)} s  ${direction}  ${thousands(offset).padStart(9)}  ${what}`;
}
