import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CopyCounts } from '../../../src/copy/copy-error.ts';
import { Diagnosis } from '../../../src/diagnose/diagnosis.ts';
import type { Finding } from '../../../src/diagnose/finding.ts';
import { systemClock } from '../../../src/poll/clock.ts';
import { openTrace } from '../../../src/trace/file/open-trace.ts';
import { isNdjsonName, saveTrace } from '../../../src/trace/file/save-trace.ts';
import type { TraceEvent } from '../../../src/trace/trace-event.ts';
import type { Scenario } from '../scenario.ts';
import { LiveOrigin } from './live-origin.ts';
import { LivePeer } from './live-peer.ts';
import { LiveRelay, type LiveFate } from './live-relay.ts';
import type { LiveSetup } from './live-setup.ts';
import type { RelayThreads } from './relay-threads.ts';

/** What came of a live run: what its relay told, or what was seen of it from outside, and what its peers got. */
export interface LiveResult extends LiveFate {
  readonly counts: CopyCounts;
  readonly delivered: { readonly aToB: Uint8Array; readonly bToA: Uint8Array };
  /** The faults that have fired, as the trace has them. */
  readonly fired: ReadonlySet<string>;
  readonly waits: readonly string[];
  readonly events: readonly TraceEvent[];
  /** What its whole trace shows to be wrong. */
  readonly findings: readonly Finding[];
}

type Ran = Omit<LiveResult, 'findings'>;

/** Long: on a machine that is busy with other things, what works takes its time, and so does whoever watches what spins. */
const DEFAULT_LIMIT_MS = 15_000;
/** So long the peers get to see the end of a copy that has ended, unless they get longer, and a copy to say so when its client has. */
const GRACE_MS = 400;
const NO_COUNTS = { aToB: 0, bToA: 0 };
const NOTHING_CAME: LiveFate = { outcome: 'parked', direction: null, code: null };

export interface LiveOptions {
  readonly dialect: string;
  readonly threads: RelayThreads;
  /** The relay's trace goes there, as it comes: as NDJSON where the name ends so, else as `.trace`. */
  readonly tracePath?: string | undefined;
  /** So long the peers get to see the end of a copy that has ended. Default: 400. */
  readonly graceMs?: number;
  /** Ends it before anything has come of it. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a scenario with real sockets on the loopback, its relay under supervision in a Worker, frees all that it used, and says
 * what its trace shows.
 */
export async function runLive(scenario: Scenario, setup: LiveSetup, options: LiveOptions): Promise<LiveResult> {
  const { tracePath } = options;
  // What a supervisor writes is binary, so that every beginning of it can be read.
  if (tracePath !== undefined && !isNdjsonName(tracePath)) return runRecorded(scenario, setup, options, tracePath);
  const folder = await mkdtemp(join(tmpdir(), 'relayscope-live-'));
  const recorded = join(folder, 'relay.trace');
  try {
    return await runRecorded(scenario, setup, options, recorded);
  } finally {
    if (tracePath !== undefined) await saveTrace(tracePath, openTrace(recorded));
    await rm(folder, { recursive: true, force: true });
  }
}

async function runRecorded(
  scenario: Scenario,
  setup: LiveSetup,
  options: LiveOptions,
  tracePath: string,
): Promise<LiveResult> {
  const ran = await runOnce(scenario, setup, { ...options, tracePath });
  const diagnosis = new Diagnosis();
  for await (const item of openTrace(tracePath)) diagnosis.item(item);
  // Nobody who watched has said so: the limit has.
  diagnosis.end(ran.outcome === 'parked' ? { outcome: 'parked' } : {});
  return { ...ran, findings: diagnosis.findings() };
}

async function runOnce(
  scenario: Scenario,
  setup: LiveSetup,
  { dialect, threads, tracePath, graceMs = GRACE_MS, signal }: LiveOptions,
): Promise<Ran> {
  const origin = await LiveOrigin.start(setup);
  const clients: LivePeer[] = [];
  let relay: LiveRelay | null = null;
  let isOver = false;
  try {
    const plan = { seed: scenario.seed, ...scenario.plan };
    relay = await LiveRelay.start(
      { setup, dialect, plan, targetPort: origin.port },
      { threads, tracePath, title: scenario.title },
    );
    let fate = NOTHING_CAME;
    for (let number = 1; number <= (setup.connections ?? 1); number += 1) {
      const client = new LivePeer(connect({ port: relay.port, host: '127.0.0.1', allowHalfOpen: true }), setup.client);
      clients.push(client);
      const limit = after(setup.limitMs ?? DEFAULT_LIMIT_MS, NOTHING_CAME);
      const stop = signal === undefined ? [] : [stopped(signal)];
      fate = await Promise.race([relay.stuck, relay.ended(number), turnedAway(client), limit, ...stop]);
    }
    if (fate.outcome === 'completed' || fate.outcome === 'failed') {
      const over = Promise.all([...clients, ...origin.peers].map((peer) => peer.over));
      const names = new Set(plan.faults.map(({ fault }) => fault));
      const all = Promise.all([over, relay.firedAll(names.size)]).then(() => true);
      isOver = await Promise.race([all, after(graceMs, false)]);
    }
    const received = (peers: readonly LivePeer[]): Buffer => Buffer.concat(peers.map((peer) => peer.received));
    return {
      ...fate,
      counts: fate.counts ?? NO_COUNTS,
      delivered: { aToB: received(origin.peers), bToA: received(clients) },
      fired: relay.fired,
      waits: relay.waits(),
      events: relay.events(),
    };
  } finally {
    for (const client of clients) client.destroy();
    origin.close();
    await relay?.end(isOver);
  }
}

/** The client's connection is over, and nothing was heard of a copy: there was none. */
async function turnedAway(client: LivePeer): Promise<LiveFate> {
  await client.over;
  await after(GRACE_MS, null);
  return { outcome: 'failed', direction: null, code: client.errorCode };
}

function stopped(signal: AbortSignal): Promise<LiveFate> {
  return new Promise((resolve) => {
    const stop = (): void => {
      resolve(NOTHING_CAME);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => {
    systemClock.after(ms, () => {
      resolve(value);
    });
  });
}
