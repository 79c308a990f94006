import { AtlasError } from '../../../platform/errors.ts';
import { nameFrom } from '../domain/profile.ts';
import type { User } from '../domain/user.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type UpdateProfile = (caller: Caller, input: { name?: string | null | undefined }) => Promise<{ user: User }>;

/** What is not given stays. */
export const updateProfile = (given: Pick<Tools, 'desk'>): UpdateProfile => async (caller, input) => {
  const name = typeof input.name === 'string' ? nameFrom(input.name) : null;
  return given.desk.work(personScope(caller), async ({ users }) => {
    const user = await users.held(caller.viewer.userId!, 'change');
    if (!user) throw new AtlasError('UNAUTHENTICATED');
    if (name !== null) user.rename(name);
    return { user };
  });
};
