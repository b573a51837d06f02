import { isDeepStrictEqual } from 'node:util';
import { Document, isCollection, isMap, isScalar } from 'yaml';
import { InvariantError } from '../../src/errors.ts';
import { documentBlock } from '../scenario/document-block.ts';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';

/**
 * A scenario as a document. Reads back as the same scenario, but for what only a capsule has: `versions`, `property`.
 * Throws SCENARIO_MALFORMED if it would be too large for a document.
 * @param prose what happened, and why it matters; the heading is the scenario's title.
 */
export function scenarioText(
  { versions: _versions, property: _property, ...scenario }: Scenario,
  prose: string,
): string {
  const { title, ...block } = scenario;
  const heading = oneLine(title);
  const yaml = new Document(isHeading(title) ? block : scenario);
  const top = yaml.contents;
  // One key a line, and its value behind it, as in a document that is written by hand.
  if (isMap(top)) {
    for (const { key, value } of top.items) {
      // What is expected is the longest, and read the most: one line for each of its keys.
      const parts =
        isScalar(key) && key.value === 'expect' && isMap(value) ? value.items.map((item) => item.value) : [value];
      for (const part of parts) if (isCollection(part)) part.flow = true;
    }
  }
  // A text with line ends stands on one line, as people write it.
  const body = yaml.toString({ lineWidth: 110, flowCollectionPadding: true, doubleQuotedMinMultiLineLength: 65_536 });
  const fence = '`'.repeat(Math.max(3, ...[...body.matchAll(/`+/g)].map(([ticks]) => ticks.length + 1)));
  const text = `# ${heading}\n\n${oneLine(prose)}\n\n${fence}yaml\n${body}${fence}\n`;
  if (!isDeepStrictEqual(parseScenario(text, 'document.md').scenario, scenario))
    throw new InvariantError('A document does not read back as the scenario that it was made of');
  return text;
}

/** Whether a heading gives this title back; any other stands in the block. */
function isHeading(title: string): boolean {
  return oneLine(title) === title && documentBlock(`# ${title}\n\n.\n\n\`\`\`yaml\n\`\`\`\n`, '').title === title;
}

/** Of a hostile file, too: it begins with a word, so that it is neither a fence nor a heading. */
function oneLine(text: string): string {
  return (
    text
      .replaceAll(/\s+/g, ' ')
      .replace(/^[ #`~]+/, '')
      .trim() || 'A scenario'
  );
}
