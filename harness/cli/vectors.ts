import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { resolveDialect, type Dialect } from '../../src/copy/dialect.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { compareVector, parseVector, runVector, type Vector } from '../sim/vector.ts';
import { EXIT_FAILED, EXIT_OK, type Command, type Io } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { readLines } from './read-lines.ts';
import { UsageError } from './usage-error.ts';

export const vectors: Command = {
  summary: 'replay recorded calls of real tokio releases against the engine',
  help: `Usage: relayscope vectors [--dialect NAME] [--json] FILE…

Runs every line of recorded calls (see fixtures/tokio/README.md in the repository) through the engine, call for call.
The release comes from the file's name, such as tokio-1.53.1.jsonl or tokio-1.53.1-debug.jsonl.

  --dialect NAME   run all files as this release
  --json           print one JSON object instead of lines

Example: relayscope vectors tokio-1.53.1.jsonl
Ends with the line "N passed, M failed". Exit code 0: all passed; 1: some failed; 2: unreadable input.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { dialect: { type: 'string' }, json: { type: 'boolean' } });
    if (positionals.length === 0) throw new UsageError('No file: expected one or more files of recorded calls');
    const failures: { file: string; line: number; id: string; why: string }[] = [];
    let passed = 0;
    for (const file of positionals) {
      const dialect = await dialectOf(file, values.dialect);
      for await (const { line, id, why } of replay(file, dialect, io)) {
        if (why === null) passed += 1;
        else {
          failures.push({ file, line, id, why });
          if (values.json !== true) io.stdout.write(`${file}:${line}: ${id}: ${why}\n`);
        }
      }
    }
    io.stdout.write(
      values.json === true
        ? `${JSON.stringify({ schema: 1, passed, failed: failures.length, failures })}\n`
        : `${passed} passed, ${failures.length} failed\n`,
    );
    return failures.length === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

/** The dialect that was asked for, or else that of the file's name. */
async function dialectOf(file: string, asked: string | undefined): Promise<Dialect> {
  const stats = await stat(file).catch((cause: unknown) => {
    throw unreadable(file, 0, cause instanceof Error ? cause.message : String(cause), cause);
  });
  if (stats.isDirectory()) throw unreadable(file, 0, 'expected a file, got a folder');
  if (asked !== undefined) return resolveDialect(asked);
  try {
    return resolveDialect(basename(file).replace(/\.jsonl$/, ''));
  } catch (cause) {
    throw new UsageError(
      `No release in the file's name: expected one as in tokio-1.53.1.jsonl, or --dialect, got ${file}`,
      {
        cause,
      },
    );
  }
}

async function* replay(
  file: string,
  dialect: Dialect,
  io: Io,
): AsyncGenerator<{ line: number; id: string; why: string | null }> {
  let count = 0;
  for await (const { line, vector } of readVectors(file, io)) {
    count += 1;
    yield { line, id: vector.id, why: compareVector(vector, runVector(vector, dialect)) };
  }
  if (count === 0) throw unreadable(file, 0, 'expected recorded calls, got an empty file');
}

async function* readVectors(file: string, io: Io): AsyncGenerator<{ line: number; vector: Vector }> {
  const lines = readLines(file, io.signal);
  for (let line = 1; ; line += 1) {
    let vector: Vector | null;
    try {
      const next = await lines.next();
      if (next.done === true) return;
      vector = next.value.trim() === '' ? null : parseVector(next.value);
    } catch (cause) {
      throw unreadable(file, line, cause instanceof Error ? cause.message : String(cause), cause);
    }
    if (vector !== null) yield { line, vector };
  }
}

function unreadable(file: string, line: number, why: string, cause?: unknown): RelayscopeError {
  return new RelayscopeError('VECTORS_UNREADABLE', `${file}:${line}: ${why}`, { cause });
}
