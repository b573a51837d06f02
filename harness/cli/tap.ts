import { stat } from 'node:fs/promises';
import { isoOf, systemClock } from '../../src/poll/clock.ts';
import { saveTrace } from '../../src/trace/file/save-trace.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { isStuck } from '../../src/watch/is-stuck.ts';
import { watchProgram, type ProgramWatch } from '../../src/watch/watch-program.ts';
import { startTap, type TapHandle } from '../tap/start-tap.ts';
import { diagnoseNow } from '../tap/diagnose-now.ts';
import { formatTarget } from '../tunnel/target.ts';
import { EXIT_OK, type Command, type Io } from './command.ts';
import { TapLog } from './tap-log.ts';
import { tapOptions, type TapCommandOptions } from './tap-options.ts';

export const tap: Command = {
  summary: "relay somebody else's connections, and record them",
  help: `Usage: relayscope tap --to HOST:PORT [options]

Listens, connects each client to the target, and records what the copy between them does: reads, writes, what each side
waits for. Bytes, the end of each direction, and resets go through unchanged. Runs until it is interrupted (Ctrl-C).
On a terminal one line says, once a second, how many connections there are, what has moved, and who waits for whom.

  --to HOST:PORT          where every connection goes
  --listen HOST:PORT      where to listen; port 0 takes a free one (default 127.0.0.1:9000)
  --trace FILE            where the trace goes, while it happens: whatever ends the tap, even SIGKILL, the file is readable up
                          to its last few milliseconds. An earlier file of that name is replaced
  --max-trace SIZE        the file never gets longer: the first part and the latest stay (default 256M; k, M, G)
  --payload[=SIZE]        keep the bytes, too: so many of the first of each direction of each connection (default 64k)
  --redact                with --payload: an x for each byte but line breaks
  --max-connections N     connections at once; more are reset (default 1024)
  --dialect NAME          how to copy: checked, or a tokio release such as tokio-1.24.1 (default checked)
  --faults PLAN           what is to go wrong, on purpose: a plan in YAML or JSON (docs/faults.md), with the faults of the
                          levels poll and transport (relayscope list faults); a is who connects, b the target
  --quiet                 no lines on stderr but warnings
  --json                  one JSON object a line on stdout: {"schema":1,"event":"status",…} once a second, and each event

SIGUSR2 brings the trace up to date and says so; without --trace it saves what is in memory, in the current folder.

Example: relayscope tap --listen 127.0.0.1:9000 --to example.com:80 --trace tap.trace
         curl --connect-to example.com:80:127.0.0.1:9000 http://example.com/
         relayscope inspect tap.trace
Exit code 2: wrong arguments, the port is in use, or the trace cannot be written; else 128 and the signal's number.
`,
  async run(args, io) {
    const options = await tapOptions(args);
    const log = new TapLog(io, options);
    for (const warning of options.warnings) log.warn(warning);
    const watches: ProgramWatch[] = [];
    const handle = await startTap({
      ...options.tap,
      onEvent: log.onEvent,
      recorder: () => {
        const watch = startWatch(options, log);
        watches.push(watch);
        return watch.recorder;
      },
    });
    const [watch] = watches;
    // `startTap` has called it, or thrown.
    if (watch === undefined) return EXIT_OK;
    return runTap(handle, watch, { options, log, io });
  },
};

function startWatch(
  { tracePath, maxTraceBytes, payload, tap: { target, dialect = 'checked' } }: TapCommandOptions,
  log: TapLog,
): ProgramWatch {
  const watch: ProgramWatch = watchProgram({
    ...(tracePath === null ? {} : { tracePath }),
    ...(maxTraceBytes === null ? {} : { maxTraceBytes }),
    ...(payload === null ? {} : { recorder: { payload } }),
    // It would be written across the line of the status.
    report: 'none',
    about: { title: `tap to ${formatTarget(target)}`, dialect },
    onVerdict: (verdict) => {
      log.onVerdict(verdict);
      if (isStuck(verdict)) for (const found of diagnoseNow(watch.recorder, dialect, verdict)) log.finding(found);
    },
    onTraceFailed: (message) => {
      log.warn(`${message}; the relay goes on without it`);
    },
  });
  return watch;
}

/** The state is printed so often; the ring is read more often, so that nothing in it is missed. */
const STATUS_MS = 1000;
const LOOK_MS = 50;

interface Running {
  readonly options: TapCommandOptions;
  readonly log: TapLog;
  readonly io: Io;
}

/** From the first connection to the last: until the person, or the system, wants an end. */
async function runTap(handle: TapHandle, watch: ProgramWatch, running: Running): Promise<number> {
  const { options, log, io } = running;
  const {
    tracePath,
    tap: { target },
  } = options;
  const { address, port } = handle;
  // Said once the thread that writes is up: from here on SIGKILL costs milliseconds.
  await watch.flush();
  log.listening(address, port, formatTarget({ host: address, port }), formatTarget(target), tracePath);
  const stopStatus = log.wantsStatus ? showStatus(handle, log) : () => undefined;
  const onRequest = (): void => {
    save(watch, running).catch((error: unknown) => {
      log.warn(error instanceof Error ? error.message : String(error));
    });
  };
  process.on('SIGUSR2', onRequest);
  try {
    await stopped(io.signal);
    await handle.close();
  } finally {
    process.off('SIGUSR2', onRequest);
    stopStatus();
    log.end();
    await watch.stop('signal');
  }
  if (tracePath !== null) await tellSaved(tracePath, log);
  return EXIT_OK;
}

function showStatus({ status }: TapHandle, log: TapLog): () => void {
  let printMs = systemClock.nowMs();
  const look = (): void => {
    status.look();
    if (systemClock.nowMs() >= printMs) {
      printMs += STATUS_MS;
      log.status(status.snapshot());
    }
    cancel = systemClock.after(LOOK_MS, look);
  };
  let cancel = (): void => undefined;
  look();
  return () => {
    cancel();
  };
}

/** What SIGUSR2 asks for. */
async function save(watch: ProgramWatch, { options, log }: Running): Promise<void> {
  const { dialect = 'checked' } = options.tap;
  if (options.tracePath !== null) {
    await watch.flush();
    await tellSaved(options.tracePath, log);
    return;
  }
  const path = `relayscope-tap-${process.pid}.trace`;
  const open: TraceItem[] = [];
  watch.recorder.notes.listen((note) => open.push(note))();
  const about = { writer: 'relayscope', dialect, startedAt: isoOf(watch.startedEpochMs), pid: process.pid };
  await saveTrace(path, [{ kind: 'about', about }, ...open, ...ringItems(watch.recorder.buffer)]);
  await tellSaved(path, log);
}

async function tellSaved(path: string, log: TapLog): Promise<void> {
  try {
    log.saved(path, (await stat(path)).size);
  } catch {
    log.warn(`The trace ${path} is gone`);
  }
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const onAbort = (): void => {
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}
