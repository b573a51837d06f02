import { printable } from '../../src/printable.ts';
import { quotedText, sourceText } from '../report/source-text.ts';
import type { CheckOptions, InnerKind } from './check-options.ts';
import type { StreamCase } from './stream-case.ts';
import type { StreamLaw } from './stream-law.ts';

export interface ReproducedBreach {
  /** `stuck`, `crashed`: the case has not come to its end. */
  readonly law: StreamLaw | 'stuck' | 'crashed';
  readonly message: string;
  readonly case: StreamCase;
}

const COLUMNS = 100;
const INDENT = 4;
const MAX_TITLE_CHARS = 120;

/**
 * A test of vitest that runs the one case and fails for the same law: with everything it imports where it is known what the factory
 * is from, else to be pasted beside the check. The factory is called by its own name.
 */
export function reproduction<Kind extends InnerKind>(
  { law, message, case: streamCase }: ReproducedBreach,
  factory: { readonly name: string },
  options: CheckOptions<Kind>,
): string {
  const { origin, peer } = options;
  const factoryName = origin === undefined ? nameOf(factory, 'factory') : importedName(origin.name, 'factory');
  const peerName = origin?.peer === undefined ? nameOf(peer, 'peer') : importedName(origin.peer.name, 'peer');
  const own: Partial<CheckOptions> = origin?.options ?? {};
  const differs = (key: 'inner' | 'carriesHalfClose' | 'maxBufferedBytes' | 'peer'): boolean =>
    options[key] !== undefined && options[key] !== own[key];
  const fields = [
    ...(origin?.options === undefined ? [] : ['...options']),
    ...(differs('inner') ? [`inner: ${sourceText(options.inner)}`] : []),
    ...(differs('peer') ? [peerName === 'peer' ? 'peer' : `peer: ${peerName}`] : []),
    ...(differs('carriesHalfClose') ? [`carriesHalfClose: ${options.carriesHalfClose}`] : []),
    ...(differs('maxBufferedBytes') ? [`maxBufferedBytes: ${options.maxBufferedBytes}`] : []),
    `case: ${sourceText(streamCase, { columns: COLUMNS - 'case: '.length, indent: INDENT })}`,
  ];
  const test = [
    `test(${quotedText(printable(`${law}: ${message}`, MAX_TITLE_CHARS))}, async () => {`,
    `  const report = await checkStream(${factoryName}, {`,
    ...fields.map((field) => `    ${field},`),
    '  });',
    '  expect(report.broken.map(({ law, message }) => `${law}: ${message}`)).toEqual([]);',
    '});',
  ];
  return [...importsOf(options), ...test].join('\n');
}

function importsOf<Kind extends InnerKind>({ origin }: CheckOptions<Kind>): string[] {
  if (origin === undefined) return [];
  const { module, name, options, peer } = origin;
  const named = [...(name === 'default' ? [] : [name]), ...(options === undefined ? [] : ['options'])];
  const what = [...(name === 'default' ? ['factory'] : []), ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])];
  return [
    "import { expect, test } from 'vitest';",
    "import { checkStream } from 'relayscope/harness';",
    `import ${what.join(', ')} from ${quotedText(module)};`,
    ...(peer === undefined
      ? []
      : [`import ${peer.name === 'default' ? 'peer' : `{ ${peer.name} }`} from ${quotedText(peer.module)};`]),
    '',
  ];
}

function importedName(name: string, otherwise: string): string {
  return name === 'default' ? otherwise : name;
}

/** A function that has none is called what it is. */
function nameOf(factory: { readonly name: string } | undefined, otherwise: string): string {
  return factory !== undefined && /^[A-Za-z_$][\w$]*$/.test(factory.name) ? factory.name : otherwise;
}
