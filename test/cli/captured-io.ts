import type { Io } from '../../harness/io.ts';

/** An Io that keeps what is written to it. */
export function capturedIo(
  options: {
    env?: NodeJS.ProcessEnv;
    signal?: AbortSignal;
    isTTY?: boolean;
    columns?: number;
    stdin?: readonly (string | Uint8Array)[];
  } = {},
): {
  io: Io;
  out: () => string;
  err: () => string;
} {
  const written = { out: '', err: '' };
  const output = (name: keyof typeof written): Io['stdout'] => ({
    write: (text) => {
      written[name] += text;
    },
    isTTY: options.isTTY ?? false,
    columns: options.columns,
  });
  const io: Io = {
    stdout: output('out'),
    stderr: output('err'),
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
    ...(options.stdin === undefined ? {} : { stdin: bytesOf(options.stdin) }),
  };
  return { io, out: () => written.out, err: () => written.err };
}

async function* bytesOf(parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield await Promise.resolve(typeof part === 'string' ? Buffer.from(part) : part);
}
