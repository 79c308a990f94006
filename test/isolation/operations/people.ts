/** Accounts and sessions. */
import { decodeJwt } from 'jose';
import { newId } from '../../../platform/ids.ts';
import { isKnown, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, type Operation } from './choose.ts';

const ME = 'user { id name email }';
const anybody = (world: World) => world.pick(world.people);
const wrong = (field: string, weight: number, selection: string, input: (world: World) => Record<string, unknown>): Operation =>
  ({ field: `Mutation.${field}`, weight, make: (world) => ({ document: mutation(field, selection), variables: { input: input(world) }, expects: false }) });
const person = (by: Principal): boolean => isKnown(by) && by.person !== null;

export const peopleOperations: readonly Operation[] = [
  { field: 'Query.me', weight: 1, make: (_, by) => ({ document: '{ me { id name email emailVerified sessions(first: 3) { nodes { id userAgent } } } }', expects: person(by) }) },
  { field: 'Query.rateLimit', weight: 0.2, make: () => ({ document: '{ rateLimit { cost } }' }) },
  {
    field: 'Mutation.updateProfile', weight: 1,
    make(world, by) {
      const name = world.word();
      return { document: mutation('updateProfile', ME), variables: { input: { name } }, expects: person(by), effect() { world.canaries.plant([name], { in: 'name', person: by.person! }); } };
    },
  },
  {
    field: 'Mutation.revokeSession', weight: 1,
    make(world, by) {
      const others = world.people.filter((other) => other !== by.person);
      const id = decodeJwt(world.pick(others).session.accessToken).sid as string;
      return { document: mutation('revokeSession', '__typename'), variables: { input: { id } }, expects: false, hidden: [id, newId('ses')] };
    },
  },
  // Who tries others' secrets is told nothing of them; each costs a slow hash, so they are tried now and then.
  wrong('login', 0.1, `${ME} session { accessToken }`, (world) => ({ email: anybody(world).email, password: 'not the one they chose' })),
  wrong('changePassword', 0.1, ME, () => ({ currentPassword: 'not the one they chose', newPassword: 'another lighthouse of paper' })),
  wrong('register', 0.1, `${ME} session { accessToken }`, (world) => ({ email: anybody(world).email, name: 'Somebody', password: 'a lighthouse of paper, again' })),
  wrong('resetPassword', 0.2, ME, () => ({ token: 'rst_nothing', newPassword: 'another lighthouse of paper' })),
  wrong('verifyEmail', 0.2, ME, () => ({ token: 'ver_nothing' })),
  wrong('refreshSession', 0.2, 'session { accessToken }', () => ({ refreshToken: `${newId('ses')}.nothing` })),
  { field: 'Mutation.logout', weight: 0.2, make: () => ({ document: mutation('logout', '__typename'), variables: { input: { refreshToken: `${newId('ses')}.nothing` } } }) },
  { field: 'Mutation.requestPasswordReset', weight: 0.1, make: (world) => ({ document: mutation('requestPasswordReset', '__typename'), variables: { input: { email: `${world.word()}@example.org` } } }) },
];
