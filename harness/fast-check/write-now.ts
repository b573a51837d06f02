import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { RelayscopeError } from '../../src/errors.ts';
import { TraceWriter } from '../../src/trace/file/trace-writer.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';

/**
 * Files that are there, whole, when the call returns: a property that is synchronous has to be told at once. What is there already
 * is replaced. Throws CAPSULE_UNWRITABLE.
 */
export function writeTextNow(path: string, text: string): void {
  writeNow(path, (unfinished) => {
    writeFileSync(unfinished, text);
  });
}

export function writeTraceNow(path: string, items: readonly TraceItem[]): void {
  writeNow(path, (unfinished) => {
    const [first, ...rest] = items;
    const about = first?.kind === 'about' ? first.about : {};
    const writer = new TraceWriter(unfinished, { about });
    for (const item of first?.kind === 'about' ? rest : items) writer.append(item);
    writer.close();
  });
}

function writeNow(path: string, write: (unfinished: string) => void): void {
  // A name of its own: many test files may write to one folder.
  const unfinished = `${path}.${randomUUID()}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    write(unfinished);
    renameSync(unfinished, path);
  } catch (cause) {
    try {
      rmSync(unfinished, { force: true });
    } catch {
      // Nothing was begun: what it would be in is no folder.
    }
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('CAPSULE_UNWRITABLE', `Cannot write ${path}: ${why}`, { cause });
  }
}
