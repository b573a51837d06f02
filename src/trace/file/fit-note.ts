import type { TraceItem } from '../trace-item.ts';

/** A message is for a person: of a longer one the end is left out. */
const MAX_MESSAGE_CHARS = 1000;

/**
 * An item whose note is, as JSON, no longer than a chunk may be: the outermost frames of a stack are left out, the last
 * sockets, or the end of a message. A trace that refused the stack of a freeze would lose the verdict with it.
 */
export function fitNote(item: TraceItem, mostBytes: number): TraceItem {
  switch (item.kind) {
    case 'stack': {
      const { frames, omitted = 0 } = item.note;
      const count = countThatFits(frames, mostBytes);
      if (count === frames.length) return item;
      return {
        ...item,
        note: { ...item.note, frames: frames.slice(0, count), omitted: omitted + frames.length - count },
      };
    }
    case 'sockets': {
      const { sockets, omitted = 0 } = item.note;
      const count = countThatFits(sockets, mostBytes);
      if (count === sockets.length) return item;
      return {
        ...item,
        note: { ...item.note, sockets: sockets.slice(0, count), omitted: omitted + sockets.length - count },
      };
    }
    case 'connection':
    case 'end': {
      const { message = '' } = item.note;
      if (message.length <= MAX_MESSAGE_CHARS) return item;
      const note = { ...item.note, message: shortened(message) };
      return { ...item, note } as typeof item;
    }
    case 'verdict': {
      const { message } = item.verdict;
      if (message.length <= MAX_MESSAGE_CHARS) return item;
      return { ...item, verdict: { ...item.verdict, message: shortened(message) } };
    }
    case 'about':
    case 'string':
    case 'records':
    case 'payload':
    case 'warning':
      return item;
  }
}

/** What else stands in a stack or in a list of sockets. */
const REST_BYTES = 512;

/** How many of them, from the first on, leave room for the rest of their note. */
function countThatFits(list: readonly object[], mostBytes: number): number {
  let bytes = REST_BYTES;
  for (const [index, one] of list.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(one)) + 1;
    if (bytes > mostBytes) return index;
  }
  return list.length;
}

function shortened(message: string): string {
  return `${message.slice(0, MAX_MESSAGE_CHARS)}…`;
}
