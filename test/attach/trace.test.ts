import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runCli } from '../../harness/cli/run-cli.ts';
import { decodeRecords } from '../../src/trace/decode-records.ts';
import { openTrace } from '../../src/trace/file/open-trace.ts';
import type { TraceItem } from '../../src/trace/trace-item.ts';
import { capturedIo } from '../cli/captured-io.ts';
import { Target } from './target.ts';

let folder = '';
const targets: Target[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'relayscope-attach-'));
});
afterEach(async () => {
  for (const target of targets.splice(0)) await target.kill();
  rmSync(folder, { recursive: true });
});

async function started(script: string): Promise<Target> {
  const target = await Target.start(script);
  targets.push(target);
  return target;
}

async function itemsOf(path: string): Promise<TraceItem[]> {
  const items: TraceItem[] = [];
  for await (const item of openTrace(path)) {
    items.push(item.kind === 'records' ? { ...item, words: item.words.slice() } : item);
  }
  return items;
}

async function attach(target: Target, path: string): Promise<{ code: number; err: string; out: string }> {
  const { io, out, err } = capturedIo();
  const code = await runCli(['attach', '--watch-ms', '100', '--trace', path, String(target.pid)], io);
  return { code, out: out(), err: err() };
}

const source = (file: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, '../..', file)).href);

/** A copy whose writer counts its own header, as in the story, with a recorder that it shows. */
const SHOWS_RECORDER = `
  (async () => {
    const { Recorder, copyBidirectional, PENDING } = await import(${source('src/index.ts')});
    const { showRecorder } = await import(${source('src/watch/known-recorders.ts')});
    const recorder = new Recorder();
    showRecorder(recorder);
    let hasRead = false;
    const idle = { pollRead: () => PENDING, pollFlush: () => 0, pollShutdown: () => 0 };
    const a = { ...idle, pollWrite: (_, bytes, start, end) => end - start, pollRead: () => (hasRead ? PENDING : ((hasRead = true), 68)) };
    const b = { ...idle, pollWrite: (_, bytes, start, end) => end - start + 1 };
    setTimeout(() => { require('node:fs').writeSync(1, 'ready\\n'); }, 0);
    setTimeout(() => { copyBidirectional(a, b, { dialect: 'tokio-1.24.1', recorder }); }, 1);
  })();`;

describe.runIf(process.platform === 'linux')('attach --trace', () => {
  test('saves what the recorder of the program holds, then stack, sockets and verdict', async () => {
    const target = await started(SHOWS_RECORDER);
    const path = join(folder, 'relay.trace');
    const { code, out, err } = await attach(target, path);
    expect({ code, err }).toEqual({ code: 3, err: '' });
    expect(out).toContain(`Trace: ${path}`);
    const items = await itemsOf(path);
    expect(items.map(({ kind }) => kind)).toEqual(
      expect.arrayContaining(['about', 'connection', 'records', 'stack', 'sockets', 'verdict', 'end']),
    );
    const events = items.flatMap((item) => (item.kind === 'records' ? decodeRecords(item.words, item.firstSeq) : []));
    expect(events.find(({ kind }) => kind === 'write')).toMatchObject({ n: 69, offered: 68 });
    expect(events.at(-1)).toMatchObject({ kind: 'loop', pos: 69, cap: 68 });
    const stack = items.find((item) => item.kind === 'stack');
    expect(stack?.note.frames.some((frame) => frame.function.endsWith('pollCopy'))).toBe(true);
    expect(items.find((item) => item.kind === 'verdict')?.verdict).toMatchObject({
      outcome: 'spinning',
      loop: 'synchronous',
    });
    await target.works();
  });

  test('without a recorder saves what was seen, if asked; else writes nothing', async () => {
    const target = await started(`console.log('ready'); setInterval(() => {}, 1e6);`);
    const path = join(folder, 'idle.ndjson');
    expect(await attach(target, path)).toMatchObject({ code: 0, err: '' });
    expect((await itemsOf(path)).map(({ kind }) => kind)).toEqual(['about', 'sockets', 'verdict', 'end']);
    const { io } = capturedIo();
    expect(await runCli(['attach', '--watch-ms', '100', String(target.pid)], io)).toBe(0);
    expect(existsSync(`relayscope-${target.pid}.trace`)).toBe(false);
  });

  test('what is shown as a recorder and is none costs a warning', async () => {
    const target = await started(`
      globalThis[Symbol.for('relayscope.recorders')] = [{ buffer: new SharedArrayBuffer(4096), notes: null }];
      console.log('ready'); setInterval(() => {}, 1e6);`);
    const path = join(folder, 'odd.trace');
    const { code, err } = await attach(target, path);
    expect(code).toBe(0);
    expect(err).toMatch(/^relayscope: warning: What it shows as its recorder is none: Malformed ring/);
    expect((await itemsOf(path)).map(({ kind }) => kind)).toEqual(['about', 'sockets', 'verdict', 'end']);
  });

  test('a trace that cannot be written is an error, and the process is left as it was', async () => {
    const target = await started(`console.log('ready'); setInterval(() => {}, 1e6);`);
    const { code, err } = await attach(target, '/proc/none/relay.trace');
    expect(code).toBe(2);
    expect(err).toContain('[TRACE_UNWRITABLE]');
    expect(target.ports).toEqual([]);
  });
});
