import type { Io } from '../../harness/io.ts';

/** An Io that keeps what is written to it. */
export function capturedIo(options: { env?: NodeJS.ProcessEnv; signal?: AbortSignal; isTTY?: boolean } = {}): {
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
  });
  const io: Io = {
    stdout: output('out'),
    stderr: output('err'),
    env: options.env ?? {},
    signal: options.signal ?? new AbortController().signal,
  };
  return { io, out: () => written.out, err: () => written.err };
}
