import { describe, expect, test } from 'vitest';
import { takeReportFd, verdictLine, type ReportLine } from '../../src/watch/report-lines.ts';
import { ReportReader } from '../../src/watch/report-reader.ts';
import { readSockets } from '../../src/watch/read-sockets.ts';

function read(...texts: string[]): ReportLine[] {
  const lines: ReportLine[] = [];
  const reader = new ReportReader((line) => lines.push(line));
  for (const text of texts) reader.read(new TextEncoder().encode(text));
  return lines;
}

describe('what a child writes', () => {
  test('lines arrive whole, in whatever pieces they come', () => {
    expect(read('{"relayscope":"al', 'ive","atMs":5}\n{"relayscope":"end","atMs":9}', '\n')).toEqual([
      { relayscope: 'alive', atMs: 5 },
      { relayscope: 'end', atMs: 9 },
    ]);
  });

  test('what no watchdog has written is left out', () => {
    expect(
      read(
        'null\n[]\n{}\nnot JSON\n',
        '{"relayscope":"alive"}\n{"relayscope":"verdict","verdict":{"outcome":"bored","message":"","atMs":1}}\n',
        '{"relayscope":"verdict","verdict":null}\n',
      ),
    ).toEqual([]);
  });

  test('a line without end is not kept', () => {
    expect(read('x'.repeat(70_000), '\n{"relayscope":"alive","atMs":1}\n')).toEqual([{ relayscope: 'alive', atMs: 1 }]);
  });
});

test('the descriptor of a supervisor is taken out of the environment, if it is one', () => {
  const env = { RELAYSCOPE_REPORT_FD: '3', PATH: '/bin' };
  expect(takeReportFd(env)).toBe(3);
  expect(env).toEqual({ PATH: '/bin' });
  expect(['', '1', '-3', '3x', '123456'].map((fd) => takeReportFd({ RELAYSCOPE_REPORT_FD: fd }))).toEqual([
    null,
    null,
    null,
    null,
    null,
  ]);
});

test('a verdict is one line for a person', () => {
  expect(verdictLine({ outcome: 'busy', message: 'The thread works', atMs: 1 })).toBe(
    'relayscope: busy: The thread works',
  );
});

test('of the sockets that a program tells of, only sockets are believed, and not too many', () => {
  const socket = { local: '127.0.0.1:1', bytesRead: 1, bytesWritten: 2, readable: 0, writable: 0, state: 'paused' };
  expect(readSockets(JSON.stringify([socket, 1, null, { ...socket, state: 5 }, { ...socket, remote: {} }]))).toEqual({
    sockets: [socket],
    omitted: 0,
  });
  expect(readSockets(JSON.stringify(Array.from({ length: 300 }, () => socket))).omitted).toBe(44);
  for (const nonsense of [undefined, 7, '{', '{}', 'x'.repeat(1_000_001)])
    expect(readSockets(nonsense)).toEqual({ sockets: [], omitted: 0 });
});
