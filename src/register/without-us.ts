import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * The flags of a process without those that load this package's `register`, in each way in which one may write them. A
 * child that is forked inherits the flags of its parent, and is not to be watched unless somebody asks for it.
 *
 * @param self the URL of the module that they load.
 */
export function withoutUs(execArgv: readonly string[], self: string, folder: string): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i += 1) {
    const flag = execArgv[i] ?? '';
    const joined = /^(?:--import|--require)=(.*)$/.exec(flag)?.[1];
    if (joined !== undefined) {
      if (!isSelf(joined, self, folder)) kept.push(flag);
      continue;
    }
    const value = execArgv[i + 1];
    if (/^(?:--import|--require|-r)$/.test(flag) && value !== undefined && isSelf(value, self, folder)) i += 1;
    else kept.push(flag);
  }
  return kept;
}

function isSelf(specifier: string, self: string, folder: string): boolean {
  if (specifier === 'relayscope/register') return true;
  if (specifier.startsWith('file:')) return specifier === self;
  return /^(?:\.{0,2}[/\\]|[a-z]:[/\\])/i.test(specifier) && pathToFileURL(resolve(folder, specifier)).href === self;
}
