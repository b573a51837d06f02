import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import type { FaultPlan } from '../../harness/faults/fault-plan.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { ndjsonToTrace } from '../../src/trace/file/trace-to-ndjson.ts';
import { saveTrace } from '../../src/trace/file/save-trace.ts';
import { ringItems } from '../../src/trace/ring-snapshot.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { STORY } from './support/cases.ts';
import { manualClock } from './support/manual-clock.ts';
import { Peer } from './support/peer.ts';
import { runFaulty } from './support/run-faulty.ts';

const folder = mkdtempSync(join(tmpdir(), 'relayscope-faults-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The path of a trace of the story with these faults. */
async function traceOf(name: string, plan: FaultPlan): Promise<string> {
  const clock = manualClock();
  const { recorder } = runFaulty(new Peer(STORY[0], clock), new Peer(STORY[1], clock), plan, {
    clock,
    dialect: 'tokio-1.24.1',
  });
  const notes: TraceItem[] = [];
  recorder.notes.listen((note) => notes.push(note))();
  const path = join(folder, name);
  await saveTrace(path, [...notes, ...ringItems(recorder.buffer)]);
  return path;
}

async function cli(...args: string[]): Promise<{ code: number; out: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(args, io);
  expect(err()).toBe('');
  return { code, out: out() };
}

const COUNT = { fault: 'count', by: 1, side: 'b' } as const;
const SHORT = { fault: 'short', bytes: 60, side: 'b', half: 'read' } as const;

describe('the event of a fault', () => {
  test('is read by its name, before what it caused', async () => {
    const path = await traceOf('count.trace', { faults: [COUNT] });
    const { out } = await cli('inspect', path, '--limit', 'all');
    expect(out).toContain('a -> b  fault count (by 1) at b\n');
    expect(out.indexOf('fault count')).toBeLessThan(out.indexOf('reported 69'));
  });

  test('has its text in the JSON, in SQL, and in the summary', async () => {
    const path = await traceOf('count.trace', { faults: [COUNT] });
    const { out } = await cli('inspect', path, '--kind', 'fault', '--json');
    expect(JSON.parse(out)).toMatchObject({
      events: [{ kind: 'fault', direction: 'a -> b', half: 'write', n: 1, text: 'count (by 1)' }],
    });
    const sql = await cli('inspect', path, '--sql', "SELECT text, half FROM events WHERE kind = 'fault'", '--json');
    expect(JSON.parse(sql.out)).toMatchObject({ rows: [['count (by 1)', 'write']] });
    expect((await cli('inspect', path)).out).toContain('fault count (by 1) at b');
  });

  test('is the same in the NDJSON twin, whose strings come first', async () => {
    const path = await traceOf('count.trace', { faults: [COUNT] });
    await cli('export', '--to', 'ndjson', path);
    const twin = join(folder, 'count.ndjson');
    const out = readFileSync(twin, 'utf8');
    const event = /^.*"kind":"fault".*$/m.exec(out)?.[0] ?? '';
    expect(out.slice(0, out.indexOf(event))).toContain(
      '{"chunk":"strings","strings":[{"id":1,"text":"count (by 1)"}]}\n',
    );
    expect(event).toMatch(/"direction":"a -> b","half":"write","n":1}$/);
    expect((await cli('diff', path, twin)).code).toBe(0);
  });

  test('can be written by another program', async () => {
    const lines = [
      '{"relayscope":"trace","version":1}',
      '{"chunk":"strings","strings":[{"id":7,"text":"count (by 1)"}]}',
      '{"kind":"fault","direction":"b -> a","half":"write","n":7}',
      '{"kind":"fault","n":8}',
    ];
    const path = join(folder, 'other.trace');
    const bytes: Uint8Array[] = [];
    for await (const part of ndjsonToTrace([Buffer.from(`${lines.join('\n')}\n`)])) bytes.push(part);
    writeFileSync(path, Buffer.concat(bytes));
    const { out } = await cli('inspect', path, '--limit', 'all');
    expect(out).toContain('b -> a  fault count (by 1) at a');
    expect(out).toContain('a -> b  fault 8 at a');
  });
});

describe('diff', () => {
  test('takes faults for the same by their texts, not by their numbers', async () => {
    // In the first plan `count` is text 2, in the second text 1: `short` never fires.
    const never = { ...SHORT, when: { chance: 0 } };
    const good = await traceOf('good.trace', { faults: [never, COUNT] });
    const bad = await traceOf('bad.trace', { faults: [COUNT, never] });
    expect(await cli('diff', good, bad)).toMatchObject({ code: 0 });
  });

  test('parts at another fault, and names both', async () => {
    const good = await traceOf('good.trace', { faults: [COUNT] });
    const bad = await traceOf('bad.trace', { faults: [{ ...COUNT, by: 2 }] });
    const { code, out } = await cli('diff', good, bad);
    expect(code).toBe(1);
    expect(out).toContain('fault count (by 1) at b');
    expect(out).toContain('fault count (by 2) at b');
  });
});
