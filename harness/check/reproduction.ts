import { printable } from '../../src/printable.ts';
import { quotedText, sourceText } from '../report/source-text.ts';
import type { CheckOptions, FactoryOrigin, InnerKind } from './check-options.ts';
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
const IDENTIFIER = /^[A-Za-z_$][\w$]*$/;
/** What the test itself imports. */
const IMPORTED = ['test', 'expect', 'checkStream', 'options', 'peer'] as const;
/** A function that is exported as `default` is named so, one of an object may have any of these for its name. */
const RESERVED: ReadonlySet<string> = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false finally for
  function if implements import in instanceof interface let new null package private protected public return static super switch this
  throw true try typeof var void while with yield`.split(/\s+/),
);

/**
 * A test of vitest that runs the one case and fails for the same law: with everything it imports where it is known what the factory
 * is from, else to be pasted beside the check. The factory is called by its own name.
 */
export function reproduction<Kind extends InnerKind>(
  { law, message, case: streamCase }: ReproducedBreach,
  factory: { readonly name: string },
  options: CheckOptions<Kind>,
): string {
  const { origin } = options;
  const { factoryName, peerName } = namesOf(factory, options);
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
  return [...importsOf(origin, factoryName, peerName), ...test].join('\n');
}

function importsOf(origin: FactoryOrigin | undefined, factoryName: string, peerName: string): string[] {
  if (origin === undefined) return [];
  const { module, name, options, peer } = origin;
  const named = [
    ...(name === 'default' ? [] : [imported(name, factoryName)]),
    ...(options === undefined ? [] : ['options']),
  ];
  const what = [...(name === 'default' ? [factoryName] : []), ...(named.length > 0 ? [`{ ${named.join(', ')} }`] : [])];
  return [
    "import { expect, test } from 'vitest';",
    "import { checkStream } from 'relayscope/harness';",
    `import ${what.join(', ')} from ${quotedText(module)};`,
    ...(peer === undefined
      ? []
      : [
          `import ${peer.name === 'default' ? peerName : `{ ${imported(peer.name, peerName)} }`} from ${quotedText(peer.module)};`,
        ]),
    '',
  ];
}

function imported(name: string, as: string): string {
  if (name === as) return name;
  return `${IDENTIFIER.test(name) ? name : quotedText(name)} as ${as}`;
}

/** What the factories are called in the test. */
function namesOf<Kind extends InnerKind>(
  factory: { readonly name: string },
  { origin, peer }: CheckOptions<Kind>,
): { readonly factoryName: string; readonly peerName: string } {
  const factoryName = nameOf(origin?.name ?? factory.name, 'factory', IMPORTED);
  if (origin?.peer === undefined) return { factoryName, peerName: nameOf(peer?.name, 'peer', []) };
  // Two imports cannot have one name.
  return { factoryName, peerName: nameOf(origin.peer.name, 'peer', [...IMPORTED, 'factory', factoryName]) };
}

/** Who has no name, or none that it can have in a test, is called what it is. */
function nameOf(name: string | undefined, otherwise: string, taken: readonly string[]): string {
  const isFree = name !== undefined && IDENTIFIER.test(name) && !RESERVED.has(name) && !taken.includes(name);
  return isFree ? name : otherwise;
}
