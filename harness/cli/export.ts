import { open } from 'node:fs/promises';
import { FILE_MAGIC } from '../../src/trace/file/trace-format.ts';
import { TraceError } from '../../src/trace/file/trace-error.ts';
import { converted, convertTrace, type ExportForm, type TraceForm } from '../export/convert-trace.ts';
import { inputKind } from '../report/input-kind.ts';
import { notATrace } from '../report/open-input.ts';
import { printable } from '../../src/printable.ts';
import { EXIT_OK, type Command } from './command.ts';
import { parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** Enough to know a capture by, also one in text. */
const KIND_BYTES = 64 * 1024;

const ENDINGS: Readonly<Record<ExportForm, string>> = { trace: '.trace', ndjson: '.ndjson', pcapng: '.pcapng' };

export const exportCommand: Command = {
  summary: 'a .trace as NDJSON and back, byte for byte the same; or as a capture for Wireshark',
  help: `Usage: relayscope export [--to FORM] [--out FILE] [--force] FILE

Writes a trace in its other form: .trace (compact, survives a crash at any byte) or NDJSON (a line for each event, for
jq, grep, and programs in other languages; traces/README.md in the repository documents both).

With --to pcapng it is a capture that Wireshark opens: each write of the copy a packet, with the state of the copy as its
comment, and the payload as far as the trace has it (docs/wireshark.md).

  --to FORM    ndjson, trace or pcapng (default: the one of the first two that FILE is not)
  --out FILE   where to (default: beside FILE, with the other ending); - is the standard output, for ndjson
  --force      replace a file that is there

Example: relayscope export traces/off-by-one.trace --out - | jq 'select(.kind == "write")'
Prints the name of the file it wrote. What is damaged is left out and named on stderr.
Exit code 0; 2: wrong usage, a file that cannot be read, or one that cannot be written.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      to: { type: 'string' },
      out: { type: 'string' },
      force: { type: 'boolean', default: false },
    });
    const [file] = positionals;
    if (file === undefined || file === '') throw new UsageError('No file: expected a trace');
    if (file === '-')
      throw new UsageError('Wrong file: expected the name of one, got the standard input, which export does not read');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one file, got also ${JSON.stringify(positionals[1])}`);
    if (values.out === '') throw new UsageError('Wrong --out: expected a file, got ""');
    const from = await formOf(file);
    const to = values.to ?? (from === 'trace' ? 'ndjson' : 'trace');
    if (to !== 'trace' && to !== 'ndjson' && to !== 'pcapng')
      throw new UsageError(`Wrong --to: expected ndjson, trace or pcapng, got ${JSON.stringify(to)}`);
    if (to === from)
      throw new UsageError(`Nothing to do: ${file} is ${to === 'trace' ? 'a .trace' : 'NDJSON'} already`);
    const onWarning = (message: string): void => {
      io.stderr.write(`relayscope: warning: ${printable(`${file}: ${message}`)}\n`);
    };
    const options = { to, overwrite: values.force, signal: io.signal, onWarning } as const;
    try {
      if (values.out === '-') {
        if (to !== 'ndjson') throw new UsageError(`A ${ENDINGS[to]} is no text: expected --out FILE`);
        for await (const lines of converted(file, options)) {
          io.stdout.write(String(lines));
          await io.stdout.drain?.();
        }
        return EXIT_OK;
      }
      const into = values.out ?? `${file.replace(/\.(?:trace|ndjson|jsonl)$/, '')}${ENDINGS[to]}`;
      await convertTrace(file, into, options);
      io.stdout.write(`${into}\n`);
      return EXIT_OK;
    } catch (error) {
      // Asked to stop: what was half done is gone.
      if (io.signal.aborted) return EXIT_OK;
      throw error instanceof TraceError && error.place.path === undefined ? inFile(file, error) : error;
    }
  },
};

/** By its first byte, as the readers tell it. Throws TRACE_UNREADABLE; TRACE_MALFORMED for what is something else. */
async function formOf(file: string): Promise<TraceForm> {
  try {
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read(new Uint8Array(KIND_BYTES), 0, KIND_BYTES);
      const kind = inputKind(buffer.subarray(0, bytesRead));
      // A file that has nothing, yet, is for the readers.
      if (bytesRead > 0 && (kind.kind === 'capture' || kind.kind === 'stranger'))
        throw notATrace(printable(file), kind.what);
      return buffer[0] === FILE_MAGIC[0] ? 'trace' : 'ndjson';
    } finally {
      await handle.close();
    }
  } catch (cause) {
    if (cause instanceof TraceError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new TraceError('TRACE_UNREADABLE', `Cannot read ${file}: ${why}`, { path: file }, { cause });
  }
}

function inFile(file: string, error: TraceError): TraceError {
  return new TraceError(error.code, `${file}: ${error.message}`, { ...error.place, path: file }, { cause: error });
}
