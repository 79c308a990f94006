import { expect, it } from '@jest/globals';
import { newId, type TenantId } from '../../../platform/ids.ts';
import type { Attempt } from '../../../platform/jobs/jobs.ts';
import { starterOf } from './reach-as-starter.ts';

it.each([
  ['person', { kind: 'user', id: newId('usr') }, 'membership'],
  ['key', { kind: 'key', id: newId('key') }, 'a key that is valid'],
])('a %s who may nothing any more is told what it is that they lost', async (_who, startedBy, missing) => {
  const attempt = { startedBy, scope: { tenantId: newId('tnt') as TenantId } } as unknown as Attempt;
  await expect(starterOf(attempt, { starters: { today: async () => null } })).rejects.toMatchObject({ code: 'FORBIDDEN', missing });
});
