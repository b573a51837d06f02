/**
 * The URL of a module beside the one that asks, for what takes a URL and not an import (a Worker): `.ts` among the
 * sources, `.js` in the built package, where the compiler rewrites imports but not URLs.
 */
export function siblingModule(importMetaUrl: string, name: string): URL {
  return new URL(`./${name}${importMetaUrl.endsWith('.ts') ? '.ts' : '.js'}`, importMetaUrl);
}
