/** Two processes that answer the same people, over one database whose replica has stood still: nobody misses a change of their own, and no right lags. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AcceptInvitationDocument, type AtlasClient, CreateApiKeyDocument, CreateTenantDocument, InviteMemberDocument, MembersDocument, MeDocument, RegisterDocument,
  RemoveMemberDocument, type RequestError, RevokeApiKeyDocument, TenantDocument, TenantRole,
} from '../../clients/typescript/index.ts';
import { ARRANGEMENTS, startArrangement, type Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import { startRedis } from '../kit/redis.ts';
import { startPair, type Pair } from '../kit/replica.ts';

const RENAME = { toString: () => 'mutation Rename($input: UpdateProfileInput!) { updateProfile(input: $input) { user { name } userErrors { code message path } } }' };
const redis = await startRedis();
const described = redis ? describe : describe.skip;

described('two processes and a replica that stands still', () => {
  let pair: Pair;
  let atlas: Running[] = [];
  beforeAll(async () => {
    pair = await startPair();
    const at = await pair.database();
    const env = { DATABASE_REPLICA_URL: at.replicaUrl, DATABASE_REPLICA_LAG_MS: '60000', REDIS_URL: redis!.url, ATLAS_SECRET: 'the same secret for both processes' };
    // The first migrates.
    for (let n = 0; n < 2; n += 1) atlas.push(await startArrangement(ARRANGEMENTS['in one process'], env, at));
    await pair.caughtUp();
    await eventually('both to know the replica', async () => (await Promise.all(atlas.map(lagOf))).every((lag) => lag < 60));
  }, 180_000);
  afterAll(async () => {
    await pair?.resume();
    await Promise.all(atlas.map((one) => one.stop()));
    atlas = [];
    await pair?.stop();
  });

  const metricsOf = async ({ url }: Running) => (await fetch(new URL('/metrics', url))).text();
  const lagOf = async (one: Running) => Number(/^atlas_replica_lag_seconds (\S+)$/m.exec(await metricsOf(one))?.[1] ?? Infinity);
  const readsThere = async () => {
    const pages = await Promise.all(atlas.map(metricsOf));
    return pages.flatMap((page) => [...page.matchAll(/^atlas_reads_total\{.*place="replica".*\} (\d+)$/gm)]).reduce((sum, [, count]) => sum + Number(count), 0);
  };
  let people = 0;
  /** The same person, at the one and at the other. */
  async function register(): Promise<{ email: string; id: string; here: AtlasClient; there: AtlasClient }> {
    const email = `reader-${people += 1}@example.com`;
    const { register: made } = await atlas[0]!.client().mutate(RegisterDocument, { input: { email, password: 'a long enough pass phrase', name: `Reader ${people}` } });
    const [here, there] = atlas.map((one) => one.client({ session: made!.session!, triesMax: 1 })) as [AtlasClient, AtlasClient];
    return { email, id: made!.user!.id, here, there };
  }

  it('shows people what they have done at the other one, and takes back rights at once', async () => {
    await pair.pause();
    const ann = await register();
    expect((await ann.there.query(MeDocument, {})).me).toMatchObject({ id: ann.id });
    await ann.here.mutate(RENAME, { input: { name: 'Ann Otherwise' } });
    expect((await ann.there.query(MeDocument, {})).me).toMatchObject({ name: 'Ann Otherwise' });

    await ann.there.mutate(CreateTenantDocument, { input: { name: 'Lenses', slug: 'lenses' } });
    const owner = ann.here.with({ tenant: 'lenses' });
    expect((await owner.query(MembersDocument, { first: 10 })).tenant!.members!.nodes).toHaveLength(1);

    const bob = await register();
    await owner.mutate(InviteMemberDocument, { input: { email: bob.email, role: TenantRole.Admin } });
    const letter = await Promise.any(atlas.map((one) => one.tokenTo(bob.email, /^inv_\S+$/m)));
    await bob.here.mutate(AcceptInvitationDocument, { input: { token: letter } });
    const member = bob.there.with({ tenant: 'lenses' });
    expect((await member.query(MembersDocument, { first: 10 })).tenant!.members!.nodes).toHaveLength(2);

    const { createApiKey } = await member.mutate(CreateApiKeyDocument, { input: { name: 'k', scopes: ['tenants:read'] } });
    const key = atlas[1]!.client({ key: createApiKey!.secret!, triesMax: 1 });
    expect((await key.query(TenantDocument, {})).tenant).toMatchObject({ slug: 'lenses' });
    const refusal = (asked: Promise<unknown>) => asked.then(() => null, (error: RequestError) => error.code);
    await member.mutate(RevokeApiKeyDocument, { input: { id: createApiKey!.apiKey!.id } });
    await eventually('the key to be refused', () => refusal(key.query(TenantDocument, {})));
    await owner.mutate(RemoveMemberDocument, { input: { userId: bob.id } });
    await eventually('the member to be refused', () => refusal(member.query(TenantDocument, {})));
    await pair.resume();
  });

  it('reads from it once it goes on', async () => {
    const cid = await register();
    const before = await readsThere();
    await eventually('reads at the replica', async () => {
      await Promise.all([cid.here.query(MeDocument, {}), cid.there.query(MeDocument, {})]);
      return await readsThere() > before + 5;
    });
  });
});
