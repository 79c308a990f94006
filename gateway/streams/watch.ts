/**
 * Whether those who follow something still may. A stream outlives the question that opened it, so its credential is
 * asked about again and again, once for all streams that share it; with what `authenticate` remembers, a revocation is
 * felt within a second.
 */
import pLimit from 'p-limit';
import { AtlasError } from '../../platform/errors.ts';
import type { Log } from '../../platform/log.ts';
import { loop } from '../../platform/loop.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Authenticate, Credentials } from '../policy/authenticate.ts';

export interface Watch {
  /** `refused` is called once: the credential is no longer good, or no longer means what it meant. The result ends the watch. */
  over(credentials: Credentials, viewer: Viewer, refused: (error: AtlasError) => void): () => void;
  stop(): Promise<void>;
}

const EVERY_MS = 220;
const AT_ONCE = 64;
/** A service that knows sessions and is away can end none; longer than this nobody is believed unasked. */
const UNKNOWN_MS = 5_000;

interface Follower { rights: string; refused: (error: AtlasError) => void }
interface Watched { credentials: Credentials; followers: Set<Follower>; unknownSince: number | null; looking: boolean }

const rightsOf = (viewer: Viewer): string => JSON.stringify(viewer);

export function credentialWatch(given: { authenticate: Authenticate; log: Log }): Watch {
  const watched = new Map<string, Watched>();
  const limit = pLimit(AT_ONCE);

  const look = async (one: Watched): Promise<void> => {
    try {
      const rights = rightsOf(await given.authenticate(one.credentials));
      one.unknownSince = null;
      for (const follower of one.followers) {
        if (follower.rights !== rights) follower.refused(new AtlasError('RIGHTS_CHANGED'));
      }
    } catch (error) {
      const known = error instanceof AtlasError ? error : new AtlasError('INTERNAL', undefined, { cause: error });
      one.unknownSince ??= Date.now();
      const refusal = known.status < 500 && !known.retryable;
      if (refusal || Date.now() - one.unknownSince > UNKNOWN_MS) for (const { refused } of one.followers) refused(known);
    } finally {
      one.looking = false;
    }
  };
  const begin = (one: Watched): void => {
    one.looking = true;
    void limit(look, one);
  };
  const rounds = loop({
    name: 'stream credentials', everyMs: EVERY_MS, log: given.log,
    // Nobody waits for another's answer: a service that hangs would keep all the others from being asked about.
    round: async () => { for (const one of watched.values()) if (!one.looking) begin(one); },
  });

  return {
    over(credentials, viewer, refused) {
      if (!credentials.authorization) return () => undefined; // a stranger has nothing that could be taken back
      const name = JSON.stringify([credentials.authorization, credentials.tenant, credentials.address]);
      const one = watched.get(name) ?? { credentials, followers: new Set<Follower>(), unknownSince: null, looking: false };
      watched.set(name, one);
      const follower: Follower = { rights: rightsOf(viewer), refused: (error) => { leave(); refused(error); } };
      const leave = () => {
        one.followers.delete(follower);
        if (one.followers.size === 0 && watched.get(name) === one) watched.delete(name);
      };
      one.followers.add(follower);
      return leave;
    },
    stop: () => rounds.stop(),
  };
}
