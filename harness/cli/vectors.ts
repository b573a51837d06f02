import { basename } from 'node:path';
import { resolveDialect, type Dialect } from '../../src/copy/dialect.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { compareVector, parseVector, runVector } from '../sim/vector.ts';
import { EXIT_FAILED, EXIT_OK, type Command, type Io } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { readLines } from './read-lines.ts';
import { UsageError } from './usage-error.ts';

export const vectors: Command = {
  name: 'vectors',
  summary: 'replay recorded calls of real tokio releases against the engine',
  help: `Usage: relayscope vectors [--dialect NAME] [--json] FILE…

Runs every line of recorded calls (fixtures/tokio/README.md) through the engine, call for call.
The release comes from the file's name, such as tokio-1.53.1.jsonl or tokio-1.53.1-debug.jsonl.

  --dialect NAME   run all files as this release
  --json           print one JSON object instead of lines

Example: relayscope vectors fixtures/tokio/*.jsonl
Ends with the line "N passed, M failed". Exit code 0: all passed; 1: some failed; 2: unreadable input.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, { dialect: { type: 'string' }, json: { type: 'boolean' } });
    if (positionals.length === 0) throw new UsageError('No file: expected one or more files of recorded calls');
    const failures: { file: string; line: number; id: string; why: string }[] = [];
    let passed = 0;
    for (const file of positionals) {
      const dialect = resolveDialect(values.dialect ?? basename(file).replace(/\.jsonl$/, ''));
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

async function* replay(
  file: string,
  dialect: Dialect,
  io: Io,
): AsyncGenerator<{ line: number; id: string; why: string | null }> {
  let line = 0;
  try {
    for await (const text of readLines(file, io.signal)) {
      line += 1;
      if (text.trim() === '') continue;
      const vector = parseVector(text);
      yield { line, id: vector.id, why: compareVector(vector, runVector(vector, dialect)) };
    }
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new RelayscopeError('VECTORS_UNREADABLE', `${file}:${line}: ${message}`, { cause });
  }
}
