/** Tenants: what they are called, who belongs to them, and who is to. */
import type { InvitationState, PersonState, Role, TenantState } from '../canaries.ts';
import { atLeast, belongs, isKnown, passes, roleOf, tenantOf, type Principal } from '../rights.ts';
import type { World } from '../world.ts';
import { mutation, only, unseen, type Operation } from './choose.ts';
import { ADMINISTRATION, TENANT, TRAIL } from './selections.ts';
import { tokenIn } from '../../kit/tenants.ts';

/** Who may manage somebody of this role: only an owner an owner; a key amounts to an ADMIN. */
const manages = (by: Principal, ...roles: Role[]): boolean => (roles.includes('OWNER') ? !by.key && roleOf(by) === 'OWNER' : passes(by, 'ADMIN', 'tenants:admin'));
/** Founders stay what they are: they read what there is, now and then. */
const someMember = (world: World): PersonState => world.pick(world.people.filter((person) => world.tenants.every(({ founder }) => founder !== person)));
const admin = (by: Principal): boolean => only(by, passes(by, 'ADMIN', 'tenants:admin'));
const ROLES: readonly Role[] = ['GUEST', 'MEMBER', 'MEMBER', 'ADMIN', 'OWNER'];

/** Whoever goes takes their keys along; their parts in collections are taken by whoever hears of it. */
export async function depart(world: World, person: PersonState, tenant: TenantState): Promise<void> {
  tenant.members.delete(person.id);
  for (const key of world.keys) if (key.tenant === tenant && key.creator === person) key.revoked = true;
  for (const collection of world.collections) if (collection.tenant === tenant) collection.shares.delete(person.id);
}

export const tenantOperations: readonly Operation[] = [
  {
    field: 'Query.tenant', weight: 6,
    make(world, by) {
      const tenant = world.pick(world.tenants);
      const sees = isKnown(by) && belongs(by, tenant);
      const what = world.pick([TENANT, `${TENANT} ${ADMINISTRATION}`, TRAIL, `id auditTrail { verified count }`]);
      const same = sees ? {} : { hidden: [tenant.slug, world.word()] as const };
      return { document: `query($slug: String) { tenant(slug: $slug) { ${what} } }`, variables: { slug: tenant.slug }, trail: what === TRAIL, expects: sees, ...same };
    },
  },
  {
    field: 'Query.tenants', weight: 3,
    make: (world) => ({
      document: `query($after: String) { tenants(first: 3, after: $after) { edges { cursor node { ${TENANT} ${ADMINISTRATION} ${TRAIL} } } } }`,
      variables: { after: world.chance(0.2) && world.cursors.length > 0 ? world.pick(world.cursors) : null }, trail: true,
    }),
  },
  { field: 'Query.deadLetters', weight: 1, make: (_, by) => ({ document: '{ deadLetters(first: 10) { nodes { id consumer eventId eventType code message } } }', expects: admin(by) }) },
  { field: 'Mutation.replayDeadLetter', weight: 0.5, make: () => ({ document: mutation('replayDeadLetter', '__typename'), variables: { input: { id: 'ded_00000000000000000000000000' } }, expects: false }) },
  {
    field: 'Mutation.updateTenant', weight: 0.5,
    make(world, by) {
      const name = world.word();
      return { document: mutation('updateTenant', `tenant { ${TENANT} }`), variables: { input: { name } }, expects: admin(by), effect() { world.canaries.plant([name], { in: 'tenant', tenant: tenantOf(by)! }); } };
    },
  },
  {
    field: 'Mutation.setFeature', weight: 0.5,
    make(world, by) {
      const name = world.word();
      return { document: mutation('setFeature', `tenant { ${TENANT} }`), variables: { input: { name, enabled: world.tenants.length > 0 && world.chance(0.1) } }, expects: admin(by), effect() { world.canaries.plant([name], { in: 'tenant', tenant: tenantOf(by)! }); } };
    },
  },
  {
    field: 'Mutation.createTenant', weight: 0.1,
    // A name that is taken is told to be: an address is one for all. What is behind it is not.
    make: (world) => ({ document: mutation('createTenant', 'tenant { id name }'), variables: { input: { name: world.word(), slug: world.pick(world.tenants).slug } }, expects: false }),
  },
  {
    field: 'Mutation.inviteMember', weight: 2,
    make(world, by) {
      const [email, role] = [`${world.word()}@example.com`, world.pick(ROLES)];
      return {
        document: mutation('inviteMember', 'invitation { id email role }'), variables: { input: { email, role } }, expects: admin(by) && manages(by, role),
        effect({ invitation: { id } }) {
          const tenant = tenantOf(by)!;
          tenant.invitations.push({ id, email, role, by: by.person, open: true });
          world.canaries.plant([email.split('@')[0]!], { in: 'administration', tenant });
        },
      };
    },
  },
  {
    field: 'Mutation.revokeInvitation', weight: 0.5,
    make(world, by) {
      const all = world.tenants.flatMap(({ invitations }) => invitations.filter(({ open }) => open));
      if (all.length === 0) return null;
      const invitation = world.pick(all);
      const isHere = tenantOf(by)?.invitations.includes(invitation) ?? false;
      return {
        document: mutation('revokeInvitation', 'invitation { id }'), variables: { input: { id: invitation.id } },
        expects: admin(by) && isHere && manages(by, invitation.role), ...unseen(isHere && admin(by), invitation.id), effect() { invitation.open = false; },
      };
    },
  },
  {
    field: 'Mutation.acceptInvitation', weight: 3,
    make(world, by) {
      const all = world.tenants.flatMap((tenant) => tenant.invitations.map((invitation) => ({ tenant, invitation }))).filter(({ invitation }) => invitation.open && letterOf(world, invitation));
      if (all.length === 0) return null;
      const { tenant, invitation } = world.pick(all);
      const inviter = invitation.by && tenant.members.get(invitation.by.id);
      const stands = invitation.by === null || atLeast(inviter, invitation.role === 'OWNER' ? 'OWNER' : 'ADMIN');
      return {
        document: mutation('acceptInvitation', `tenant { ${TENANT} } member { role user { id name } }`), variables: { input: { token: tokenIn(letterOf(world, invitation)!) } },
        expects: isKnown(by) && by.person !== null && stands && !tenant.members.has(by.person.id),
        effect() {
          invitation.open = false;
          tenant.members.set(by.person!.id, invitation.role);
          by.person!.everIn.add(tenant);
        },
      };
    },
  },
  {
    field: 'Mutation.changeMemberRole', weight: 2,
    make(world, by) {
      const [person, tenant] = [someMember(world), tenantOf(by)];
      const before = tenant?.members.get(person.id);
      const role = world.pick(ROLES.filter((one) => one !== before));
      return {
        document: mutation('changeMemberRole', 'member { role user { id name email } }'), variables: { input: { userId: person.id, role } },
        expects: admin(by) && before !== undefined && manages(by, before, role), ...unseen(before !== undefined && admin(by), person.id),
        effect() { tenant!.members.set(person.id, role); },
      };
    },
  },
  {
    field: 'Mutation.removeMember', weight: 0.7,
    make(world, by) {
      const [person, tenant] = [someMember(world), tenantOf(by)];
      const before = tenant?.members.get(person.id);
      return {
        document: mutation('removeMember', 'member { role user { id name email } }'), variables: { input: { userId: person.id } },
        expects: admin(by) && before !== undefined && manages(by, before), ...unseen(before !== undefined && admin(by), person.id),
        effect: () => depart(world, person, tenant!),
      };
    },
  },
  {
    field: 'Mutation.leaveTenant', weight: 0.5,
    make(world, by) {
      if (world.tenants.some(({ founder }) => founder === by.person)) return null;
      const tenant = world.pick(world.tenants);
      const belongsTo = by.person !== null && isKnown(by) && tenant.members.has(by.person.id);
      return {
        document: mutation('leaveTenant', '__typename'), variables: { input: { tenantId: tenant.id } }, expects: belongsTo, ...unseen(belongsTo, tenant.id),
        effect: () => depart(world, by.person!, tenant),
      };
    },
  },
];
const letterOf = (world: World, { email }: InvitationState) => world.kit.letters.findLast(({ to }) => to === email);
