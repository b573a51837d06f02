import { RelayscopeError } from '../../src/errors.ts';

/** Where one of our functions was called from, as a line of a stack; empty if that is not known. */
export function callSite(called: (...given: never[]) => unknown): string {
  const holder: { stack?: string } = {};
  Error.captureStackTrace(holder, called);
  return holder.stack?.split('\n').find((line) => /^\s+at /.test(line)) ?? '';
}

/**
 * The same error, shown where a person can do something about it: a line of a document, the call in a test. Our own frames, its
 * causes and its fields, all of which a report of tests prints, say nothing to who reads that.
 */
export function pointAt({ code, name, message }: RelayscopeError, ...frames: readonly string[]): RelayscopeError {
  const error = new RelayscopeError(code, message);
  error.name = name;
  error.stack = [`${name}: ${message}`, ...frames.filter((frame) => frame !== '')].join('\n');
  return error;
}

/** `    at expect.outcome (/project/scenarios/echo.md:21:1)` */
export function frameOf(what: string, file: string, line: number): string {
  return `    at ${what} (${file}:${line}:1)`;
}
