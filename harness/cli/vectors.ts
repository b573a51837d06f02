import type { Command } from './command.ts';

export const vectors: Command = { name: 'vectors', summary: '', help: '', run: () => Promise.resolve(0) };
