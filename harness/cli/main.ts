#!/usr/bin/env node
import { runCli } from './run-cli.ts';
import type { Output } from './command.ts';

/** The signals that ask a command to stop, and their numbers: the exit code is 128 plus that. */
const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 } as const;

const stop = new AbortController();
let signalled = 0;
for (const [name, number] of Object.entries(SIGNALS)) {
  process.on(name, () => {
    // Asked twice, it no longer waits for a tidy end.
    if (signalled !== 0) process.exit(128 + number);
    signalled = number;
    stop.abort();
  });
}

// A reader that has seen enough (`| head`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
});

function output(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => {
      stream.write(text);
    },
    isTTY: stream.isTTY,
    get columns() {
      return stream.columns;
    },
  };
}

const code = await runCli(process.argv.slice(2), {
  stdout: output(process.stdout),
  stderr: output(process.stderr),
  env: process.env,
  signal: stop.signal,
});
process.exitCode = signalled === 0 ? code : 128 + signalled;
