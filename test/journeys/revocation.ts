/** Whatever gives a right can be taken back, and is felt within a second in every process. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  AcceptInvitationDocument, type AtlasClient, ChangeMemberRoleDocument, CreateApiKeyDocument, CreateTenantDocument, InviteMemberDocument, LogoutDocument,
  MembersDocument, RegisterDocument, RemoveMemberDocument, type RequestError, RevokeApiKeyDocument, TenantDocument, TenantRole,
} from '../../clients/typescript/index.ts';
import type { Running } from '../kit/arrangements.ts';

const ROUNDS = 3;
const WITHIN_MS = 1_000;

export const revocation = (running: () => Running): void => describe('a right that is taken back', () => {
  let atlas: Running;
  let owner: AtlasClient;
  let people = 0;
  beforeAll(async () => {
    atlas = running();
    const { client } = await register();
    await client.mutate(CreateTenantDocument, { input: { name: 'Rights', slug: 'rights' } });
    owner = client.with({ tenant: 'rights' });
  });

  async function register() {
    const email = `holder-${people += 1}@example.com`;
    const { register: made } = await atlas.client().mutate(RegisterDocument, { input: { email, password: 'a long enough pass phrase', name: `Person ${people}` } });
    return { email, id: made!.user!.id, client: atlas.client({ session: made!.session!, triesMax: 1 }) };
  }
  async function member(role: TenantRole) {
    const person = await register();
    await owner.mutate(InviteMemberDocument, { input: { email: person.email, role } });
    const token = await atlas.tokenTo(person.email, /^inv_\S+$/m);
    await person.client.mutate(AcceptInvitationDocument, { input: { token } });
    return { ...person, client: person.client.with({ tenant: 'rights' }) };
  }
  const key = async (by: AtlasClient, scopes: string[]) => {
    const { createApiKey } = await by.mutate(CreateApiKeyDocument, { input: { name: 'k', scopes } });
    return { id: createApiKey!.apiKey!.id, client: atlas.client({ key: createApiKey!.secret!, triesMax: 1 }) };
  };
  /** Asks on and on while the right is taken back; how long it was still there afterwards. */
  async function felt(ask: () => Promise<unknown>, takeBack: () => Promise<unknown>): Promise<{ ms: number; code: string }> {
    await ask();
    await takeBack();
    const since = Date.now();
    let lastSent = since; // when the last request was sent that was still let through
    for (;;) {
      const sent = Date.now();
      const code = await ask().then(() => null, (error: RequestError) => error.code);
      if (code) return { ms: lastSent - since, code };
      if (Date.now() - since > 30 * WITHIN_MS) return { ms: Infinity, code: 'never' };
      lastSent = sent;
      await new Promise((resolve) => { setTimeout(resolve, 10); });
    }
  }

  const KINDS: Record<string, { refusedWith: string; round: () => Promise<{ ms: number; code: string }> }> = {
    'a key that is revoked': { refusedWith: 'UNAUTHENTICATED', round: async () => {
      const { id, client } = await key(owner, ['tenants:read']);
      return felt(() => client.query(TenantDocument, {}), () => owner.mutate(RevokeApiKeyDocument, { input: { id } }));
    } },
    'a member who is removed': { refusedWith: 'TENANT_NOT_FOUND', round: async () => {
      const { id, client } = await member(TenantRole.Member);
      return felt(() => client.query(TenantDocument, {}), () => owner.mutate(RemoveMemberDocument, { input: { userId: id } }));
    } },
    'a role that is lowered': { refusedWith: 'FORBIDDEN', round: async () => {
      const { id, client } = await member(TenantRole.Admin);
      let n = 0;
      return felt(() => client.mutate(InviteMemberDocument, { input: { email: `${id}-${n += 1}@example.com`, role: TenantRole.Guest } }), () => owner.mutate(ChangeMemberRoleDocument, { input: { userId: id, role: TenantRole.Member } }));
    } },
    'a session that is ended': { refusedWith: 'SESSION_ENDED', round: async () => {
      const { client } = await member(TenantRole.Member);
      return felt(() => client.query(MembersDocument, {}), () => client.mutate(LogoutDocument, { input: {} }));
    } },
    'the key of a creator who is removed': { refusedWith: 'UNAUTHENTICATED', round: async () => {
      const { id, client } = await member(TenantRole.Admin);
      const theirs = await key(client, ['tenants:read']);
      return felt(() => theirs.client.query(TenantDocument, {}), () => owner.mutate(RemoveMemberDocument, { input: { userId: id } }));
    } },
  };

  it.each(Object.entries(KINDS))('%s', async (_kind, { refusedWith, round }) => {
    for (let n = 0; n < ROUNDS; n += 1) {
      const { ms, code } = await round();
      expect(code).toBe(refusedWith);
      expect(ms).toBeLessThanOrEqual(WITHIN_MS);
    }
  });
});
