import { relative } from 'node:path';
import type { StuckTold } from './stuck-text.ts';
import { nameOf } from './stuck-text.ts';

/** An error at the line that is stuck, as a workflow of GitHub takes it from the output. */
export function githubAnnotation(told: StuckTold): string {
  const { place, verdict, loop, copy } = told;
  const at = loop?.frame.url === `file://${place.file}` ? loop.frame.line : place.line;
  const top = process.env['GITHUB_WORKSPACE'] ?? place.root;
  const properties = [
    `file=${property(relative(top, place.file))}`,
    ...(at === null ? [] : [`line=${at}`]),
    `title=${property(`Stuck: ${nameOf(place)}`)}`,
  ];
  const findings =
    copy?.findings.map(({ class: name, direction, meaning }) => `${name}, ${direction}: ${meaning}`) ?? [];
  return `::error ${properties.join(',')}::${message([verdict.message, ...findings].join('\n'))}`;
}

function message(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
