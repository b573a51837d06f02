import { printable } from '../../src/printable.ts';
import type { Diagnosed } from '../explore/diagnose.ts';

const MAX_TEXT_CHARS = 400;

/** `over-report-spin (a -> b): A write was offered 68 bytes …` */
export function diagnosedText({ class: name, direction, meaning }: Diagnosed): string {
  return printable(`${name} (${direction}): ${meaning}`, MAX_TEXT_CHARS);
}
