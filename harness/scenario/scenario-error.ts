import { RelayscopeError } from '../../src/errors.ts';

/** A place in a document: file and line (from 1), where it came from one. */
export interface ScenarioPlace {
  readonly file?: string;
  readonly line?: number;
}

/** Code SCENARIO_MALFORMED: what is wrong in a document or a capsule, and where. */
export class ScenarioError extends RelayscopeError {
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** The path in the object, `expect.outcome`; empty for the object itself, or the text around it. */
  readonly path: string;
  readonly expected: string;
  readonly got: string;

  constructor(path: string, expected: string, got: string, place: ScenarioPlace = {}, options?: ErrorOptions) {
    const where = [
      ...(place.file === undefined ? [] : [place.file]),
      ...(place.line === undefined ? [] : [place.line]),
    ];
    const begin = where.length === 0 ? 'Malformed scenario' : where.join(':');
    super('SCENARIO_MALFORMED', `${begin}: ${path === '' ? '' : `${path}: `}expected ${expected}, got ${got}`, options);
    this.file = place.file;
    this.line = place.line;
    this.path = path;
    this.expected = expected;
    this.got = got;
  }
}

/** `expect.waits[0].half` */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

const MAX_SHOWN_CHARS = 60;

/** A value of a document, on one line and bounded. */
export function shownValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  // JSON has no word for these.
  if (typeof value === 'number') return String(value);
  const text = JSON.stringify(value);
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}
