/** Tenants and the people in them for a test, made the way clients make them: through the graph. */
import pg from 'pg';
import { newId, type TenantId, type UserId } from '../../platform/ids.ts';
import { userViewer, type TenantRole, type Viewer } from '../../platform/viewer.ts';
import type { GraphAnswer } from '../../platform/graph.ts';
import type { Kit } from './services.ts';

export interface Person { userId: UserId; viewer: Viewer }
export interface TestTenant { id: TenantId; slug: string; owner: Person; sandbox: boolean }

export const stranger = (): Person => {
  const userId = newId('usr');
  return { userId, viewer: userViewer({ userId, sessionId: null, tenantId: null, role: null }) };
};
/** The same person, acting in this tenant as this. */
export const within = (person: Person, tenant: Pick<TestTenant, 'id' | 'sandbox'>, role: TenantRole): Person =>
  ({ ...person, viewer: userViewer({ userId: person.userId, sessionId: null, tenantId: tenant.id, role, sandbox: tenant.sandbox }) });

/** The data of an answer that must hold no error. */
export function dataOf(answer: GraphAnswer): any {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data;
}
/** The payload of the one mutation of an answer, be it with userErrors. */
export const payloadOf = (answer: GraphAnswer): any => Object.values(dataOf(answer))[0];
export const codeOf = (answer: GraphAnswer): string | undefined =>
  answer.errors?.[0]?.extensions.code ?? (Object.values(answer.data ?? {})[0] as { userErrors?: { code: string }[] } | null)?.userErrors?.[0]?.code;

/** The payload of a mutation that must have worked. */
export function done(answer: GraphAnswer): any {
  const payload = payloadOf(answer);
  if (payload.userErrors?.length) throw new Error(JSON.stringify(payload.userErrors));
  return payload;
}

export async function newTenant(kit: Kit, input: { name?: string; slug?: string; sandbox?: boolean } = {}, founder = stranger()): Promise<TestTenant> {
  const answer = await kit.ask('tenants', 'mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id slug sandbox } userErrors { code } } }',
    { input: { name: 'Acme', ...input } }, founder.viewer);
  const { tenant } = done(answer);
  return { ...tenant, owner: within(founder, tenant, 'OWNER') };
}

export const INVITE = 'mutation($input: InviteMemberInput!) { inviteMember(input: $input) { invitation { id email role expiresAt acceptedAt } userErrors { code message path } } }';
export const ACCEPT = 'mutation($input: AcceptInvitationInput!) { acceptInvitation(input: $input) { tenant { id slug viewerRole } member { role user { id } } userErrors { code path } } }';

export const tokenIn = (letter: { text: string }): string => letter.text.split('\n').find((line) => line.startsWith('inv_'))!;

/** Invites, reads the letter, accepts. */
export async function newMember(kit: Kit, tenant: TestTenant, role: TenantRole, person = stranger()): Promise<Person> {
  const email = `${newId('req')}@example.com`; // the same person may be invited twice
  done(await kit.ask('tenants', INVITE, { input: { email, role } }, tenant.owner.viewer));
  const token = tokenIn(await kit.letterTo(email));
  done(await kit.ask('tenants', ACCEPT, { input: { token } }, person.viewer));
  return within(person, tenant, role);
}

export const CREATE_KEY = `mutation($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  apiKey { id name prefix scopes allowedAddresses expiresAt lastUsedAt revokedAt createdBy { id } } secret userErrors { code message path } } }`;

export async function newKey(kit: Kit, by: Person, input: Record<string, unknown> = {}): Promise<{ id: string; secret: string }> {
  const { apiKey, secret } = done(await kit.ask('tenants', CREATE_KEY, { input: { name: 'robot', scopes: ['collections:read'], ...input } }, by.viewer));
  return { id: apiKey.id, secret };
}

/** What no mutation does to a tenant's rows: by the service's own role, in the tenant's own scope. */
export async function inTenants(kit: Kit, tenantId: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: kit.database.url });
  await client.connect();
  try {
    await client.query(`BEGIN; SET LOCAL ROLE atlas_tenants; SET LOCAL app.tenant_id = '${tenantId}'; ${sql}; COMMIT`);
  } finally {
    await client.end();
  }
}
