/** A tenant with an owner, a member, two keys and a collection, made through the gateway; every call of it is counted. */
import { randomBytes } from 'node:crypto';
import type { Running } from '../kit/arrangements.ts';
import { Caller } from './caller.ts';

export interface World { tenantId: string; owner: Caller; member: Caller; keys: [Caller, Caller]; keyIds: [string, string]; ownerId: string; collectionId: string; callers: Caller[] }

const REGISTER = 'mutation($input: RegisterInput!) { register(input: $input) { user { id } session { accessToken } } }';
const CREATE_TENANT = 'mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id slug } } }';
const INVITE = 'mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id } } }';
const ACCEPT = 'mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { tenant { slug } } }';
const CREATE_KEY = 'mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret } }';
const CREATE_COLLECTION = 'mutation($input: CreateCollectionInput!) { createCollection(input: $input) { collection { id } } }';

export async function newWorld(atlas: Running): Promise<World> {
  const slug = `bill-${randomBytes(4).toString('hex')}`;
  const anybody = new Caller(atlas, '', null);
  const register = async (): Promise<{ id: string; email: string; token: string }> => {
    const email = `p${randomBytes(6).toString('hex')}@example.org`;
    const { register: made } = await anybody.must(REGISTER, { input: { email, name: 'Ann', password: 'a lighthouse of paper' } });
    return { id: made.user.id, email, token: `Bearer ${made.session.accessToken}` };
  };
  const [ann, bob] = [await register(), await register()];
  const { createTenant } = await new Caller(atlas, ann.token, null).must(CREATE_TENANT, { input: { name: 'Bill', slug } });
  const owner = new Caller(atlas, ann.token, slug);
  await owner.must(INVITE, { input: { email: bob.email, role: 'MEMBER' } });
  await new Caller(atlas, bob.token, null).must(ACCEPT, { input: { token: await atlas.tokenTo(bob.email, /inv_\S+/) } });
  const key = async (): Promise<{ caller: Caller; id: string }> => {
    const { createApiKey } = await owner.must(CREATE_KEY, { input: { name: 'robot', scopes: ['tenants:read', 'collections:read', 'items:write', 'ai:ask'] } });
    return { caller: new Caller(atlas, `Bearer ${createApiKey.secret}`, null), id: createApiKey.apiKey.id };
  };
  const { createCollection } = await owner.must(CREATE_COLLECTION, { input: { name: 'Bill' } });
  const [one, other] = [await key(), await key()];
  const member = new Caller(atlas, bob.token, slug);
  return {
    tenantId: createTenant.tenant.id, owner, member, keys: [one.caller, other.caller], keyIds: [one.id, other.id], ownerId: ann.id, collectionId: createCollection.collection.id,
    callers: [owner, member, one.caller, other.caller],
  };
}
