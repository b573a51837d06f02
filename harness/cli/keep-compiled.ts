import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Lets Node keep what it compiles of the modules that are imported from now on: to compile them anew is most of what a short command
 * takes. In the user's own cache folder, since whoever could write there could run code here; Node's default is the one for
 * temporary files, which is everybody's. Where it cannot be written nothing is kept. NODE_DISABLE_COMPILE_CACHE=1 switches it off.
 */
export function keepCompiled(env: NodeJS.ProcessEnv): void {
  const given = process.platform === 'win32' ? env['LOCALAPPDATA'] : env['XDG_CACHE_HOME'];
  const home = homedir();
  if ((given ?? '') === '' && home === '') return;
  enableCompileCache(join((given ?? '') === '' ? join(home, '.cache') : String(given), 'relayscope'));
}
