import { relative } from 'node:path';
import type { Annotation } from '../../ci/github-annotation.ts';
import { framePath } from '../../../src/watch/frame-path.ts';
import { nameOf, type StuckTold } from './stuck-text.ts';

/**
 * What is stuck, as GitHub shows it, at the line of the loop.
 *
 * @param top of the repository.
 */
export function stuckAnnotation(told: StuckTold, top: string): Annotation {
  const { place, verdict, loop, copy } = told;
  const line = loop !== null && framePath(loop.frame.url) === place.file ? loop.frame.line : place.line;
  const findings =
    copy?.findings.map(({ class: name, direction, meaning }) => `${name}, ${direction}: ${meaning}`) ?? [];
  return {
    title: `Stuck: ${nameOf(place)}`,
    message: [verdict.message, ...findings].join('\n'),
    file: relative(top, place.file),
    ...(line === null ? {} : { line }),
  };
}
