import { isUtf8 } from 'node:buffer';
import { scenarioText } from '../explore/scenario-text.ts';
import { judgeRun } from '../scenario/judge-run.ts';
import { runsOf, type RunFilter } from '../scenario/runs-of.ts';
import type { Expectation, Scenario, SideEntry } from '../scenario/scenario.ts';
import { withUnfired } from '../scenario/with-unfired.ts';
import { runScenario } from '../sim/run-scenario.ts';
import type { Conversation } from './conversation.ts';
import { replayScenario, type Carry, type ReplayScenarioOptions } from './replay-scenario.ts';

export interface ReplayDocumentOptions extends Omit<ReplayScenarioOptions, 'carry' | 'dialects'> {
  readonly dialect: string;
  /** The files of payload are called so, and `.a.bin` or `.b.bin`. */
  readonly baseName: string;
  /** Nothing of what was said is in it, nor who said it: so many bytes of the seed instead. */
  readonly redact: boolean;
}

/** A conversation as a document, and the bytes that it names. */
export interface ReplayDocument {
  readonly text: string;
  readonly payload: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

/** What a person still reads stands in the document itself. */
const MAX_INLINE_TEXT_BYTES = 1024;
const MAX_INLINE_HEX_BYTES = 64;
/** More bytes are not run at every size of reads: most of those are small. */
const MAX_CUT_BYTES = 16 * 1024;

/**
 * A conversation as a scenario document that expects of its run what it comes to now. Throws SCENARIO_MALFORMED if it is too long for
 * one.
 */
export function replayDocument(conversation: Conversation, options: ReplayDocumentOptions): ReplayDocument {
  const { dialect, baseName, redact } = options;
  const { said } = conversation;
  const named = [false, false];
  const seeded: Carry = (_from, start, end) => ({ bytes: end - start });
  const written: Carry = (from, start, end) => {
    const inline = inlineEntry(said[from].subarray(start, end));
    if (inline !== null) return inline;
    named[from] = true;
    return { file: payloadName(baseName, from), from: start, bytes: end - start };
  };
  const common = { ...options, dialects: [dialect] };
  const judged = asItComesOut(
    replayScenario(conversation, redact ? { ...common, carry: seeded } : common),
    conversation,
  );
  const { a, b } = replayScenario(conversation, { ...common, carry: redact ? seeded : written });
  const payload = ([0, 1] as const)
    .filter((from) => named[from])
    .map((from) => ({ name: payloadName(baseName, from), bytes: said[from] }));
  return { text: scenarioText({ ...judged, a, b }, proseOf(conversation, options, judged.expect)), payload };
}

/** The scenario with what it is now as what is expected, where it is run swapped and cut, too. */
function asItComesOut(scenario: Scenario, { said }: Conversation): Scenario {
  const [dialect = 'checked'] = scenario.dialects;
  const { outcome, direction, error, counts, delivered, broken } = runScenario(scenario, { dialect });
  const isGood = outcome === 'completed';
  const expect: Expectation = {
    outcome,
    ...(direction === null ? {} : { direction }),
    ...(error === null || isGood || outcome === 'spinning' ? {} : { code: error.code }),
    counts: { ...counts },
    delivered: { aToB: delivered.aToB.length, bToA: delivered.bToA.length },
    ...(broken.length === 0 ? {} : { breaks: [...new Set(broken.map(({ law }) => law))] }),
  };
  const own = withUnfired({ ...scenario, expect });
  const passes = (one: Scenario, filter: RunFilter): boolean =>
    runsOf(one, filter).every((run) => judgeRun(run, false).mismatches.length === 0);
  const sided: Scenario = passes(own, { swapped: true, chunkBytes: 'own' })
    ? own
    : { ...own, swapped: { not: 'what comes of it depends on which side is which' } };
  if (said[0].length + said[1].length > MAX_CUT_BYTES) return { ...sided, chunks: { not: 'it is long' } };
  return passes(sided, {}) ? sided : { ...sided, chunks: { not: 'what comes of it depends on how the bytes are cut' } };
}

function inlineEntry(bytes: Uint8Array): SideEntry | null {
  if (bytes.length <= MAX_INLINE_TEXT_BYTES && isUtf8(bytes)) {
    const text = Buffer.from(bytes).toString();
    // What a text file can hold, and a person can see.
    if (!/[^\P{C}\t\r\n]/u.test(text)) return { text };
  }
  return bytes.length <= MAX_INLINE_HEX_BYTES ? { hex: Buffer.from(bytes).toString('hex') } : null;
}

function payloadName(baseName: string, from: 0 | 1): string {
  return `${baseName}.${from === 0 ? 'a' : 'b'}.bin`;
}

function proseOf(
  { flow, level, missing }: Conversation,
  { redact, rhythm, plan }: ReplayDocumentOptions,
  { outcome, direction }: Expectation,
): string {
  const who = redact ? 'a client and a server' : `${flow.client} (a) and ${flow.server} (b)`;
  const bytes = redact ? ' Their bytes are made up by the seed, as many as there were.' : '';
  const lost = missing.reduce((sum, { length }) => sum + length, 0);
  const filled = lost === 0 ? '' : ` ${lost} bytes were not in the capture, and others stand for them.`;
  const pace = rhythm ? ', with the pauses of the capture' : '';
  const faults = plan === undefined || plan.faults.length === 0 ? '' : ' under a plan of faults';
  const place = direction === undefined ? '' : `, ${direction}`;
  return (
    `What ${who} said to each other in a capture, at the level of ${level}, in its order${pace}: whatever a side said only after it ` +
    `had got something waits for that.${bytes}${filled} What comes of it${faults}: ${outcome}${place}.`
  );
}
