import { RelayscopeError } from '../../src/errors.ts';
import { printable } from '../../src/printable.ts';
import { packageVersion } from '../package-version.ts';
import { EXIT_OK, EXIT_USAGE, type Command, type Io } from './command.ts';
import { COMMANDS } from './commands.ts';
import { nearestName } from '../nearest-name.ts';
import { UsageError } from './usage-error.ts';

/** A message is one line, and a long one that came off a wire or out of a file is no line any more. */
const MAX_MESSAGE_CHARS = 2000;

/** Runs one command line and returns its exit code. Whatever was wrong with the input is one line on stderr. */
export async function runCli(args: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = args;
  try {
    if (name === undefined) {
      io.stderr.write(await overview());
      return EXIT_USAGE;
    }
    if (name === '--help' || name === '-h' || name === 'help') {
      const [about] = rest;
      io.stdout.write(
        name === 'help' && about !== undefined && !about.startsWith('-')
          ? (await commandOf(about)).help
          : await overview(),
      );
      return EXIT_OK;
    }
    if (name === '--version' || name === '-v') {
      io.stdout.write(`${packageVersion()}\n`);
      return EXIT_OK;
    }
    const command = await commandOf(name);
    const options = rest.includes('--') ? rest.slice(0, rest.indexOf('--')) : rest;
    if (options.includes('--help') || options.includes('-h')) {
      io.stdout.write(command.help);
      return EXIT_OK;
    }
    return await command.run(rest, io);
  } catch (error) {
    if (!(error instanceof RelayscopeError)) throw error;
    // It may quote a file, an argument, or another program: nothing in it acts on the terminal.
    const message = printable(error.message.replaceAll('\n', ' '), MAX_MESSAGE_CHARS);
    io.stderr.write(`relayscope: ${message} [${error.code}]\n`);
    if (error instanceof UsageError) io.stderr.write(`Try: relayscope ${helpOf(name)}--help\n`);
    return EXIT_USAGE;
  }
}

async function commandOf(name: string): Promise<Command> {
  const load = COMMANDS.get(name);
  if (load !== undefined) return load();
  const known = [...COMMANDS.keys()].join(', ');
  const nearest = nearestName(name, COMMANDS.keys());
  throw new UsageError(
    `Unknown command: expected one of ${known}, got ${JSON.stringify(name)}${nearest === null ? '' : `; did you mean ${nearest}?`}`,
  );
}

function helpOf(name: string | undefined): string {
  return name !== undefined && COMMANDS.has(name) ? `${name} ` : '';
}

async function overview(): Promise<string> {
  const width = Math.max(...[...COMMANDS.keys()].map((name) => name.length));
  const lines = [...COMMANDS].map(async ([name, load]) => `  ${name.padEnd(width)}  ${(await load()).summary}\n`);
  return (
    'relayscope: why a relay hangs, whether it will hang again, and which bytes it lost\n\n' +
    `Usage: relayscope <command> [options]\n\nCommands:\n${(await Promise.all(lines)).join('')}\n` +
    'relayscope <command> --help says more of each, with an example; relayscope --version.\n'
  );
}
