import { once } from 'node:events';
import type { Io, Output } from './io.ts';

/** The signals that ask a program to stop, and their numbers: the exit code is 128 plus that. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 } as const;

const SIGPIPE = 13;

/** What was asked for could not be said: a full disk, say. */
const EXIT_UNWRITABLE = 2;

/**
 * Runs a command line as this process: its arguments, its streams, its signals, its exit code. A signal asks `run` to
 * stop; a second one no longer waits for a tidy end.
 */
export async function runProcess(run: (args: readonly string[], io: Io) => Promise<number>): Promise<void> {
  const stop = new AbortController();
  let signalled = 0;
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (signalled !== 0) process.exit(128 + number);
      signalled = number;
      stop.abort();
    });
  }
  let failed = false;
  let code = 0;
  const setExitCode = (): void => {
    process.exitCode = signalled !== 0 ? 128 + signalled : failed ? EXIT_UNWRITABLE : code;
  };
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') {
        // A reader that has seen enough (`| head`) stops the program as a SIGPIPE would, but tidily.
        if (signalled === 0) signalled = SIGPIPE;
      } else if (!failed) {
        failed = true;
        if (stream === process.stdout) {
          process.stderr.write(`relayscope: Cannot write the standard output: ${error.message} [OUTPUT_UNWRITABLE]\n`);
        }
      }
      stop.abort();
      // The last output may fail when all the work is done.
      setExitCode();
    });
  }
  const [stdout, stderr] = [output(process.stdout), output(process.stderr)];
  code = await run(process.argv.slice(2), {
    stdout,
    stderr,
    env: process.env,
    signal: stop.signal,
    // Not before it is asked for: looking at it opens it.
    get stdin() {
      return process.stdin;
    },
    releaseSignals: () => {
      for (const name of Object.keys(SIGNALS)) process.removeAllListeners(name);
    },
  });
  setExitCode();
}

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    async drain() {
      // A reader that goes away is heard of by the stream's 'error', which stops the program.
      if (stream.writableNeedDrain && !stream.destroyed)
        await Promise.race([once(stream, 'drain'), once(stream, 'close')]);
    },
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
  };
}
