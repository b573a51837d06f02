import { Document, isCollection, isMap } from 'yaml';
import { parseScenario } from '../scenario/parse-scenario.ts';
import type { Scenario } from '../scenario/scenario.ts';

/**
 * A scenario as a document, for whoever turns a capsule into a story. Reads back as the same scenario.
 * @param prose what happened, and why it matters; the heading is the scenario's title.
 */
export function scenarioText({ title, versions: _versions, ...block }: Scenario, prose: string): string {
  const yaml = new Document(block);
  const top = yaml.contents;
  // One key a line, and its value behind it, as in a document that is written by hand.
  if (isMap(top)) for (const { value } of top.items) if (isCollection(value)) value.flow = true;
  const text = `# ${title}\n\n${prose}\n\n\`\`\`yaml\n${yaml.toString({ lineWidth: 110, flowCollectionPadding: true })}\`\`\`\n`;
  // Throws if it would not be read.
  parseScenario(text, 'document.md');
  return text;
}
