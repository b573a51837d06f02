import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { gotInstead } from './got-instead.ts';
import { loadPayload } from './load-payload.ts';
import { MAX_SCENARIO_BYTES, parseScenario, type ScenarioDocument } from './parse-scenario.ts';

/** Where the documents are, from the top of a checkout. */
export const SCENARIOS_FOLDER = 'fixtures/scenarios';

const MAX_FILES = 10_000;
const MAX_DEPTH = 16;

/**
 * The files of documents (`.md`) and capsules (`.json`) at these paths, in order. A folder is searched for `.md` (but no README)
 * and `.capsule.json`, not in what begins with a dot, nor in node_modules. Throws SCENARIO_UNREADABLE.
 */
export async function findDocuments(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const stats = await stat(path).catch((cause: unknown) => {
      throw unreadable(path, 'expected a document or a folder of them', cause);
    });
    const before = found.length;
    if (stats.isDirectory()) await search(path, 0, found);
    else if (/\.(?:md|json)$/.test(path)) found.push(path);
    else throw unreadable(path, 'expected a document (.md) or a capsule (.json), got another file');
    if (found.length === before) throw unreadable(path, 'expected documents in this folder, got none');
  }
  return [...new Set(found)];
}

/** Reads one file, and the files of payload beside it that it names. Throws SCENARIO_UNREADABLE, SCENARIO_MALFORMED. */
export async function readDocument(file: string): Promise<ScenarioDocument> {
  const read = async (): Promise<string> => {
    const { size } = await stat(file);
    if (size > MAX_SCENARIO_BYTES) throw unreadable(file, `expected at most ${MAX_SCENARIO_BYTES} bytes, got ${size}`);
    return readFile(file, 'utf8');
  };
  const text = await read().catch((cause: unknown) => {
    throw cause instanceof RelayscopeError ? cause : unreadable(file, 'expected a file that can be read', cause);
  });
  const document = parseScenario(text, file);
  return { ...document, scenario: await loadPayload(document.scenario, file) };
}

async function search(folder: string, depth: number, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw unreadable(folder, 'expected a folder that can be read', cause);
  });
  entries.sort((x, y) => (x.name < y.name ? -1 : 1));
  for (const entry of entries) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || entry.name === 'README.md') continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (depth === MAX_DEPTH) throw unreadable(path, `expected folders at most ${MAX_DEPTH} deep`);
      await search(path, depth + 1, found);
    } else if (entry.isFile() && /\.(?:md|capsule\.json)$/.test(entry.name)) {
      if (found.length === MAX_FILES) throw unreadable(path, `expected at most ${MAX_FILES} documents`);
      found.push(path);
    }
  }
}

function unreadable(path: string, why: string, cause?: unknown): RelayscopeError {
  return new RelayscopeError('SCENARIO_UNREADABLE', `${path}: ${why}${gotInstead(cause)}`, { cause });
}
