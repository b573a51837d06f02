import { systemClock } from '../../src/poll/clock.ts';
import { attachJson } from '../attach/attach-json.ts';
import { isStuck } from '../attach/attach-report.ts';
import { AttachScreen } from '../attach/attach-screen.ts';
import { attach as attachTo } from '../attach/attach.ts';
import { saveAttachTrace } from '../attach/save-attach-trace.ts';
import { printable } from '../../src/printable.ts';
import { jsonLine } from '../report/trace-json.ts';
import { EXIT_OK, EXIT_STUCK, type Command } from './command.ts';
import { integerOption, parseOptions } from './parse-options.ts';
import { UsageError } from './usage-error.ts';

/** PID_MAX_LIMIT of Linux on 64 bits; no system has more. */
const MAX_PID = 4_194_304;

export const attach: Command = {
  summary: 'look into a Node process that hangs now: does it spin, livelock or wait, where, and for what',
  help: `Usage: relayscope attach [options] PID

Opens the inspector of a running Node process of yours (by SIGUSR1, as a debugger does), pauses it for moments, says
what it is doing, with stack, locals and what each socket waits for, and leaves it as it was: going on, its inspector
closed again unless it was open before. Node itself writes "Debugger listening on …" and "Debugger attached." to the
standard error of that process.

  --watch-ms MS   how long two looks lie apart (default 500)
  --close         close its inspector in the end even if it was open before
  --trace FILE    save what was seen, with what a recorder of ours in that program holds, for relayscope inspect
                  (default: relayscope-PID.trace here, and only if the program has such a recorder)
  --json          print one JSON object: {"schema":1,"pid","outcome","loop","message","cpu","frames","sockets",…}

outcome: spinning (the event loop does not turn: loop is synchronous or microtask), livelocked (it turns, is at work all
the time, and no byte moves), blocked (the thread stands in a system call), parked (bytes are there that nobody reads,
and nothing else is under way), waiting (idle, as a relay without work is), busy, unfinished (bytes move).

Example: relayscope attach $(pgrep -f relay.mjs)
Refused: processes of another user, what is no Node, what does not catch SIGUSR1, what is stopped. A process with a
listener of its own for SIGUSR1 gets that signal. Linux; on macOS it has not been tried; Windows is not supported.
Exit code 0: it works or waits; 3: it is stuck; 2: wrong usage, or it cannot be looked into.
`,
  async run(args, io) {
    const { values, positionals } = parseOptions(args, {
      'watch-ms': { type: 'string', default: '500' },
      close: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      trace: { type: 'string' },
    });
    if (values.trace === '') throw new UsageError('Wrong --trace: expected a file, got ""');
    const [text] = positionals;
    if (text === undefined) throw new UsageError('No process: expected its PID');
    if (positionals.length > 1)
      throw new UsageError(`Unexpected argument: expected one PID, got also ${JSON.stringify(positionals[1])}`);
    const pid = /^\d{1,10}$/.test(text) ? Number(text) : 0;
    if (pid < 1 || pid > MAX_PID)
      throw new UsageError(`Wrong PID: expected a whole number from 1 to ${MAX_PID}, got ${JSON.stringify(text)}`);
    if (pid === process.pid) throw new UsageError(`Wrong PID: expected another process, got this one: ${pid}`);
    const report = await attachTo(pid, {
      clock: systemClock,
      signal: io.signal,
      windowMs: integerOption('watch-ms', values['watch-ms'], 50, 60_000),
      closeInspector: values.close,
      save: (seen, inspector) => saveAttachTrace(seen, inspector, values.trace ?? null),
    });
    if (values.json) io.stdout.write(jsonLine(attachJson(report)));
    else new AttachScreen(io.stdout, io.stdout.isTTY && io.env['NO_COLOR'] === undefined).show(report);
    for (const warning of report.warnings) io.stderr.write(`relayscope: warning: ${printable(warning)}\n`);
    return isStuck(report.outcome) ? EXIT_STUCK : EXIT_OK;
  },
};
