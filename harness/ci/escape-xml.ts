import { spellControl } from './spell-control.ts';

const ENTITIES: ReadonlyMap<string, string> = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  // A reader makes blanks of them in an attribute, and one line end of both in a text.
  ['\t', '&#9;'],
  ['\n', '&#10;'],
  ['\r', '&#13;'],
]);

/** A text as the value of an attribute, between double quotes. What XML cannot hold is spelled `\x1b`. */
export function xmlAttribute(text: string): string {
  return spellControl(text).replaceAll(/[&<>"\t\n\r]/g, (char) => ENTITIES.get(char) ?? char);
}

/** A text between two tags. */
export function xmlText(text: string): string {
  return spellControl(text).replaceAll(/[&<>\r]/g, (char) => ENTITIES.get(char) ?? char);
}
