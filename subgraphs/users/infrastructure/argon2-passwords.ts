/** argon2id with the parameters that OWASP names (19 MiB, two passes, one lane): about 25 ms of one core each. */
import { hash, verify } from '@node-rs/argon2';
import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import { AtlasError } from '../../../platform/errors.ts';
import { normalPassword, PASSWORD_LENGTH_MAX, passwordLength, type Passwords } from '../domain/password.ts';

const PARAMETERS = { algorithm: 2 /* argon2id */, memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Half of node's worker threads: signing and files are done by the others. */
const AT_ONCE = 2;
/** Two seconds' worth: whoever comes then is told to come again, rather than made to wait until the request has run out. */
const WAITING_MAX = 100;

export async function argon2Passwords(): Promise<Passwords> {
  const limit = pLimit(AT_ONCE);
  const inTurn = <T>(body: () => Promise<T>): Promise<T> => {
    if (limit.pendingCount >= WAITING_MAX) throw new AtlasError('OVERLOADED');
    return limit(body);
  };
  const nobody = await hash(randomBytes(32), PARAMETERS);
  return {
    hash: async (password) => inTurn(() => hash(normalPassword(password), PARAMETERS)),
    async verify(known, password) {
      const normal = normalPassword(password);
      // What no account can have is cut off and compared with nobody's: it takes as long as any other.
      const possible = passwordLength(normal) <= PASSWORD_LENGTH_MAX;
      const right = await inTurn(() => verify(known && possible ? known : nobody, possible ? normal : normal.slice(0, PASSWORD_LENGTH_MAX)));
      return right && known !== null && possible;
    },
  };
}
