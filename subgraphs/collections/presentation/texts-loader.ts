import type DataLoader from 'dataloader';
import { AtlasError } from '../../../platform/errors.ts';
import { batchedBy } from '../../../platform/loader.ts';
import type { Texts } from '../domain/ports.ts';
import type { RevisionName } from '../domain/revision.ts';

/** Of all texts that one request reads: half of what an answer may have, since JSON spells some characters longer than they are. */
const BYTES_MAX = 16 * 1_048_576;

/** One batch after the other, so that each knows how much is left; those that are too long together are not read at all. */
export function textsWithin(read: (which: readonly RevisionName[], bytesMax: number) => Promise<Texts>): DataLoader<RevisionName, string | null, string> {
  let left = BYTES_MAX;
  let before: Promise<unknown> = Promise.resolve();
  return batchedBy((which) => {
    const batch = before.then(async () => {
      const { texts, bytes } = await read(which, left);
      if (texts === null) throw new AtlasError('TOO_MANY_NODES', 'The texts that were asked for are longer together than an answer may be; ask for smaller pages.');
      left -= bytes;
      return texts;
    });
    before = batch.catch(() => undefined);
    return batch;
  });
}
