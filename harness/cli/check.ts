import { existsSync } from 'node:fs';
import { refuseUnwritable } from '../explore/refuse-unwritable.ts';
import { writeWhole } from '../explore/write-whole.ts';
import { RelayscopeError } from '../../src/errors.ts';
import { runCheck } from '../check/worker/run-check.ts';
import { checkOptions, type CheckCommandOptions } from './check-options.ts';
import { checkedObject } from './check-json.ts';
import { CheckProgress } from './check-progress.ts';
import { reproducedOf, testFileOf, type Reproduced } from './check-reproduced.ts';
import { checkScreen } from './check-screen.ts';
import { EXIT_FAILED, EXIT_OK, EXIT_STUCK, type Command } from './command.ts';

export const check: Command = {
  summary: 'prove a stream adapter against its contract, or show the smallest test in which it breaks it',
  help: `Usage: relayscope check [options] MODULE

Checks the stream that a module makes: generated traffic and polls, on an inner side that does all that it may do. The module
exports a function that is given the inner side and returns the stream: a polled one, a Duplex, or { readable, writable }; and
may export options, whose flags are below. TypeScript is loaded as Node loads it. Laws: counts, wakers, end, flush, shutdown,
re-entrancy, back-pressure, conservation. See docs/check.md in the repository.

  --export NAME      the function is exported by this name (default: the default export)
  --inner KIND       what the function is given: poll, duplex or websocket (default poll)
  --peer FILE        a module whose function makes the far end, where the stream frames its bytes; --peer-export NAME
  --no-half-close    a direction cannot end while the other goes on
  --law NAME         only this law; may be repeated
  --seed N           where the cases come from (default 1)
  --runs N           how many of them
  --case FILE        this one case alone, as JSON
  --timeout MS       a loop that does not let the event loop turn for so long is stuck, and a case that waits for five times as
                     long (default 2000)
  --save FILE        write the reproduction: as a test, or, to a name that ends in .json, the case; --force replaces a file
  --json             one JSON object: {"schema":1,"module","inner","seed","runs","laws":[…],"broken":[…],"stuck","crashed"}

Example: relayscope check ./my-adapter.ts --inner duplex
         relayscope check ./my-adapter.ts --law counts --save test/my-adapter.counts.test.ts
Exit code 0: every law holds; 1: one is broken, or the module crashed; 2: wrong usage, or a module that cannot be loaded or makes
no stream; 3: it got stuck; 130: ended by Ctrl-C.
`,
  async run(args, io) {
    const options = await checkOptions(args);
    if (options.save !== null) await refuseSave(options.save, options.force);
    const progress = new CheckProgress(io.stderr);
    const ran = await runCheck({
      ...options,
      signal: io.signal,
      onCase: (count) => {
        progress.at(count);
      },
      onOutput: (text) => {
        progress.clear();
        io.stderr.write(text);
      },
    }).finally(() => {
      progress.clear();
    });
    if (ran.kind === 'stopped') return EXIT_OK;
    const reproduced = reproducedOf(ran, options);
    if (options.json) io.stdout.write(`${JSON.stringify(checkedObject(ran, reproduced, options))}\n`);
    else checkScreen(ran, reproduced, options, io);
    if (options.save !== null && reproduced.length > 0) {
      await save(options.save, reproduced, options);
      if (!options.json) io.stdout.write(`\nWrote ${options.save}\n`);
    }
    if (ran.kind === 'stuck') return EXIT_STUCK;
    return ran.kind === 'done' && ran.report.broken.length === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

/** Before the run: throws CHECK_UNWRITABLE where its reproduction could not be written, or something is there that may not be replaced. */
async function refuseSave(path: string, force: boolean): Promise<void> {
  await refuseUnwritable(path).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  if (!force && existsSync(path)) throw unwritable(path, 'it is there already, and --force is not given');
}

/** Throws CHECK_UNWRITABLE. */
async function save(path: string, reproduced: readonly Reproduced[], { force }: CheckCommandOptions): Promise<void> {
  const [first] = reproduced;
  const text = path.endsWith('.json') ? `${JSON.stringify(first?.case, null, 2)}\n` : testFileOf(reproduced);
  const written = await writeWhole(path, text, { replace: force }).catch((cause: unknown) => {
    throw unwritable(path, cause instanceof RelayscopeError ? cause.cause : cause);
  });
  if (written === 'kept') throw unwritable(path, 'it is there already, and --force is not given');
}

function unwritable(path: string, cause: unknown): RelayscopeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new RelayscopeError('CHECK_UNWRITABLE', `Cannot write ${path}: ${why}`, { cause });
}
