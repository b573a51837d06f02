import type { SocketNote } from '../trace/trace-note.ts';

const MAX_SOCKETS = 256;
const MAX_TEXT_CHARS = 1_000_000;

/** The sockets that a program tells of, as JSON; what is no socket is left out. */
export function readSockets(text: unknown): { readonly sockets: readonly SocketNote[]; readonly omitted: number } {
  if (typeof text !== 'string' || text.length > MAX_TEXT_CHARS) return { sockets: [], omitted: 0 };
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    return { sockets: [], omitted: 0 };
  }
  const sockets = Array.isArray(list) ? list.filter(isSocket) : [];
  return { sockets: sockets.slice(0, MAX_SOCKETS), omitted: Math.max(0, sockets.length - MAX_SOCKETS) };
}

const COUNTS = ['bytesRead', 'bytesWritten', 'readable', 'writable'] as const;

function isSocket(value: unknown): value is SocketNote {
  if (typeof value !== 'object' || value === null) return false;
  const fields = value as Record<string, unknown>;
  const names = [fields['local'], fields['remote']];
  return (
    COUNTS.every((name) => typeof fields[name] === 'number') &&
    typeof fields['state'] === 'string' &&
    names.every((name) => name === undefined || typeof name === 'string')
  );
}
