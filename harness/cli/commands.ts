import type { Command } from './command.ts';
import { demo } from './demo.ts';
import { exportCommand } from './export.ts';
import { tunnel } from './tunnel.ts';
import { vectors } from './vectors.ts';

/** Every command, in the order in which the help lists them. */
export const COMMANDS: readonly Command[] = [demo, exportCommand, tunnel, vectors];
