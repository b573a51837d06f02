import { printable } from '../../../src/printable.ts';
import { counted, duration, thousands } from '../../report/format-number.ts';
import type { TimeLineEntry } from './time-line-entry.ts';

const TIME_COLUMNS = 11;
const MAX_WHAT_CHARS = 200;

/** One entry of a time line, as a person reads it. */
export function entryLine(entry: TimeLineEntry): string {
  const time = `${(entry.atMs / 1000).toFixed(3)} s`.padStart(TIME_COLUMNS);
  const who = entry.direction === null ? '      ' : entry.direction === 0 ? 'a -> b' : 'b -> a';
  const begins = entry.begins === null ? '' : `  "${entry.begins}"`;
  return `${time}  ${who}  ${describe(entry)}${begins}`;
}

function describe(entry: TimeLineEntry): string {
  const what = printable(entry.what, MAX_WHAT_CHARS);
  switch (entry.kind) {
    case 'message':
      return entry.count === 1
        ? `${what}, ${counted(entry.bytes, 'byte')}`
        : `${thousands(entry.count)} × ${what}, ${counted(entry.bytes, 'byte')} together${lasting(entry)}`;
    case 'data':
      return `${counted(entry.bytes, 'byte')}${entry.count === 1 ? '' : ` in ${thousands(entry.count)} pieces${lasting(entry)}`}`;
    case 'gap': {
      const gaps = entry.count === 1 ? '' : ` in ${thousands(entry.count)} gaps`;
      return `${counted(entry.bytes, 'byte')} missing${gaps} at ${thousands(entry.offset)} (${what})`;
    }
    case 'control':
      return `${what}, ${counted(entry.bytes, 'byte')}`;
    case 'undecodable':
      return `not decoded at ${thousands(entry.offset)}: ${what}`;
    case 'end':
      return what.toUpperCase();
    case 'pause':
      return `silence for ${duration(entry.untilMs - entry.atMs)}`;
    case 'protocol':
      return `speaks ${what}`;
    case 'connected':
    case 'step':
    case 'close':
      return what;
  }
}

function lasting({ atMs, untilMs }: TimeLineEntry): string {
  return untilMs - atMs < 1 ? '' : ` in ${duration(untilMs - atMs)}`;
}
