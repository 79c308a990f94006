import { afterEach, expect, it } from '@jest/globals';
import { AtlasError } from '../../platform/errors.ts';
import { openLog } from '../../platform/log.ts';
import { anonymous } from '../../platform/viewer.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { credentialWatch, type Watch } from './watch.ts';

let watch: Watch | undefined;
let letGo: () => void = () => undefined;
afterEach(async () => {
  letGo();
  await watch?.stop();
});

it('a credential that nobody answers for keeps no other from being asked about', async () => {
  const hanging = new Promise<void>((resolve) => { letGo = resolve; });
  let hangs = false;
  let ended = false;
  watch = credentialWatch({
    log: openLog({ level: 'silent', pretty: false }),
    authenticate: async ({ authorization }) => {
      if (authorization === 'slow') { hangs = true; await hanging; }
      if (ended) throw new AtlasError('SESSION_ENDED');
      return anonymous;
    },
  });
  const refused: string[] = [];
  for (const authorization of ['slow', 'quick']) watch.over({ authorization, tenant: null, address: null }, anonymous, ({ code }) => refused.push(`${authorization} ${code}`));
  await eventually('one to hang', () => hangs);
  ended = true;
  await eventually('the other to be refused', () => refused.length === 1);
  expect(refused).toEqual(['quick SESSION_ENDED']);
});
