/** Work that somebody waits for only so long. */
import { AtlasError } from '../../platform/errors.ts';
import type { Gone } from '../../platform/gone.ts';

/** Past its time nobody waits for it any more. */
export async function within<T>(ms: number, gone: Gone, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => { timer = setTimeout(() => { reject(new AtlasError('DEADLINE_EXCEEDED')); gone.abort(); }, ms); });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
