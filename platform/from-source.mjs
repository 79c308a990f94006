/**
 * A thread or a process of ours inherits no loader: from source, this one brings what it runs along. What a start has
 * compiled and kept is taken where there is any, or made now; where it cannot be, tsx compiles on the way in.
 */
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { compiled } from './code.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The module of this source, `new URL('./x.ts', import.meta.url)`. */
export async function fromSource(url) {
  const entry = await compiled(root);
  if (entry) return import(pathToFileURL(join(dirname(entry), relative(root, fileURLToPath(url)).replace(/\.ts$/, '.js'))).href);
  const { register } = await import('tsx/esm/api');
  register();
  return import(url.href);
}
