import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { gotInstead } from './got-instead.ts';
import { ScenarioError } from './scenario-error.ts';
import type { Scenario, SideEntry, SideScript } from './scenario.ts';

/** A longer file of payload is refused. */
export const MAX_PAYLOAD_BYTES = 64 << 20;

type FileEntry = Extract<SideEntry, { file: string }>;

/**
 * A scenario with the bytes of the files beside its document in place of their names. Throws SCENARIO_UNREADABLE, and
 * SCENARIO_MALFORMED where a file has fewer bytes than an entry asks for.
 *
 * @param document the path of the document.
 */
export async function loadPayload(scenario: Scenario, document: string): Promise<Scenario> {
  const names = new Set(
    [scenario.a, scenario.b].flatMap(({ read = [] }) => read.filter(isOfFile).map(({ file }) => file)),
  );
  if (names.size === 0) return scenario;
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for (const name of names) {
    const content = await readBounded(join(dirname(document), name), MAX_PAYLOAD_BYTES * 2 - bytes);
    bytes += content.length;
    files.set(name, content);
  }
  return {
    ...scenario,
    a: withBytes(scenario.a, 'a', document, files),
    b: withBytes(scenario.b, 'b', document, files),
  };
}

function isOfFile(entry: SideEntry): entry is FileEntry {
  return typeof entry === 'object' && 'file' in entry;
}

function withBytes(
  side: SideScript,
  name: 'a' | 'b',
  document: string,
  files: ReadonlyMap<string, Uint8Array>,
): SideScript {
  const { read } = side;
  if (read === undefined) return side;
  return {
    ...side,
    read: read.map((entry, index) => {
      if (!isOfFile(entry)) return entry;
      const content = files.get(entry.file) ?? new Uint8Array();
      const end = entry.from + entry.bytes;
      if (end > content.length)
        throw new ScenarioError(
          `${name}.read[${index}]`,
          `a file of at least ${end} bytes`,
          `${entry.file} with ${content.length}`,
          { file: document },
        );
      return { literal: content.subarray(entry.from, end) };
    }),
  };
}

async function readBounded(path: string, mostBytes: number): Promise<Uint8Array> {
  const most = Math.min(MAX_PAYLOAD_BYTES, mostBytes);
  try {
    // A pipe of that name would be waited for.
    const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat();
      const { size } = stats;
      if (!stats.isFile()) throw unreadable(path, 'expected a file beside the document, got something else');
      if (size > most) throw unreadable(path, `expected at most ${most} bytes, got ${size}`);
      const content = new Uint8Array(size);
      let length = 0;
      while (length < size) {
        const { bytesRead } = await handle.read(content, length, size - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return content.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof RelayscopeError) throw cause;
    throw unreadable(path, `expected a file beside the document that can be read${gotInstead(cause)}`, cause);
  }
}

function unreadable(path: string, why: string, cause?: unknown): RelayscopeError {
  return new RelayscopeError('SCENARIO_UNREADABLE', `${path}: ${why}`, { cause });
}
