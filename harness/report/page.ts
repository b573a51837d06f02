import { stripVTControlCharacters, styleText } from 'node:util';
import type { Io, Output } from '../io.ts';

/** Without a terminal, sentences are wrapped at this width; lines of a list are never cut there. */
const PLAIN_COLUMNS = 100;
const MAX_TEXT_COLUMNS = 120;
const MIN_TEXT_COLUMNS = 24;
/** So much is written at a time. */
const PIECE_CHARS = 16_384;

/** A change of colour, as `styleText` writes it; kept apart by `split`. */
const COLOUR = new RegExp(String.raw`(\u{1b}\[[\d;]*m)`, 'u');

export type Style = Parameters<typeof styleText>[0];

/** A page of text for a person: as wide as the terminal, coloured only on one, written in pieces. */
export class Page {
  readonly #out: Output;
  readonly #keepsOn: boolean;
  readonly #signal: AbortSignal;
  readonly #colours: boolean;
  /** Width of the terminal; null if there is none. */
  readonly columns: number | null;
  #pending = '';

  /**
   * @param keepsOn whether it is written even after the person has asked for the end: what was found until then, which is what they
   * wait for. A list without end is not.
   */
  constructor({ stdout, env, signal }: Io, { keepsOn = false } = {}) {
    this.#keepsOn = keepsOn;
    this.#out = stdout;
    this.#signal = signal;
    this.#colours = stdout.isTTY && (env['NO_COLOR'] ?? '') === '';
    this.columns = stdout.isTTY && (stdout.columns ?? 0) > 0 ? (stdout.columns ?? null) : null;
  }

  /** Whether whoever reads has gone, or the person wants it to end. */
  get isStopped(): boolean {
    return this.#signal.aborted;
  }

  /** A line as it is, cut where the terminal ends. */
  line(text = ''): void {
    const cut = this.columns === null ? text : cutTo(text, this.columns);
    this.#pending += `${cut.trimEnd()}\n`;
    if (this.#pending.length >= PIECE_CHARS) this.flush();
  }

  /** A label and a text beside it, wrapped between words. */
  row(label: string, text: string, labelColumns = 12): void {
    const indent = ' '.repeat(labelColumns);
    const room = Math.min(this.columns ?? PLAIN_COLUMNS, MAX_TEXT_COLUMNS) - labelColumns;
    const [first = '', ...more] = wrap(text, Math.max(MIN_TEXT_COLUMNS, room));
    const { length } = stripVTControlCharacters(label);
    this.line(`${label}${' '.repeat(Math.max(1, labelColumns - length))}${first}`);
    for (const line of more) this.line(`${indent}${line}`);
  }

  /** Short texts beside each other, as many as fit on a line. */
  items(indentColumns: number, texts: readonly string[]): void {
    const indent = ' '.repeat(indentColumns);
    const room = Math.min(this.columns ?? PLAIN_COLUMNS, MAX_TEXT_COLUMNS);
    let line = '';
    for (const text of texts) {
      if (line !== '' && indentColumns + line.length + 2 + text.length > room) {
        this.line(indent + line);
        line = '';
      }
      line = line === '' ? text : `${line}  ${text}`;
    }
    if (line !== '') this.line(indent + line);
  }

  paint(style: Style, text: string): string {
    return this.#colours && text !== '' ? styleText(style, text, { validateStream: false }) : text;
  }

  flush(): void {
    if (this.#pending !== '' && (this.#keepsOn || !this.isStopped)) this.#out.write(this.#pending);
    this.#pending = '';
  }
}

/** Breaks a text between words; a word that is too long is broken too, so that a path cannot spoil the page. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && visible(last) + 1 + visible(word) <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(...(visible(word) === word.length ? pieces(word, columns) : [word]));
  }
  return lines;
}

function pieces(word: string, columns: number): string[] {
  if (word.length <= columns) return [word];
  const parts: string[] = [];
  for (let at = 0; at < word.length; at += columns) parts.push(word.slice(at, at + columns));
  return parts;
}

function visible(text: string): number {
  return stripVTControlCharacters(text).length;
}

/** Cuts what can be seen, not the colours: after the cut all are switched off. */
export function cutTo(text: string, columns: number): string {
  if (text.length <= columns || visible(text) <= columns) return text;
  let left = Math.max(1, columns) - 1;
  let kept = '';
  // Colours are ours alone (what comes from a file is escaped before), so this is all there can be.
  for (const part of text.split(COLOUR)) {
    if (part.startsWith('\u{1b}[')) {
      kept += part;
      continue;
    }
    kept += part.slice(0, left);
    left -= Math.min(left, part.length);
    if (left === 0) break;
  }
  return kept.includes('\u{1b}[') ? `${kept}…\u{1b}[0m` : `${kept}…`;
}
