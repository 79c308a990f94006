/** What becomes of items reaches whoever may see it, over every transport, through drops, and no longer than they may see it. */
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AcceptInvitationDocument, type AtlasClient, CreateApiKeyDocument, CreateCollectionDocument, CreateItemDocument, CreateTenantDocument, InviteMemberDocument,
  ItemChangedDocument, type ItemChangedSubscription, RegisterDocument, RemoveMemberDocument, type RequestError, RevokeApiKeyDocument, ShareCollectionDocument, TenantRole, UnshareCollectionDocument,
} from '../../clients/typescript/index.ts';
import type { Running } from '../kit/arrangements.ts';
import { eventually } from '../kit/eventually.ts';
import { overEvents, overSocket, type Followed } from '../kit/stream-clients.ts';

const FOLLOW = 'subscription($collectionId: ID, $after: String) { itemChanged(collectionId: $collectionId, after: $after) { cursor kind itemId item { title createdBy { name } } } }';

type Changed = NonNullable<ItemChangedSubscription['itemChanged']>;

/** Ends processes and starts them again. */
export const live = (running: () => Running): void => describe('changes as they happen', () => {
  let atlas: Running;
  let owner: AtlasClient;
  let ownerToken: string;
  let people = 0;
  const leaving: (() => void)[] = [];
  beforeAll(async () => {
    atlas = running();
    const { client, token } = await register();
    await client.mutate(CreateTenantDocument, { input: { name: 'Streams', slug: 'streams' } });
    [owner, ownerToken] = [client.with({ tenant: 'streams' }), token];
  });
  afterEach(() => { for (const leave of leaving.splice(0)) leave(); });

  async function register() {
    const email = `follower-${people += 1}@example.com`;
    const { register: made } = await atlas.client().mutate(RegisterDocument, { input: { email, password: 'a long enough pass phrase', name: `Person ${people}` } });
    return { email, id: made!.user!.id, name: made!.user!.name, token: made!.session!.accessToken, client: atlas.client({ session: made!.session! }) };
  }
  async function member(role: TenantRole) {
    const person = await register();
    await owner.mutate(InviteMemberDocument, { input: { email: person.email, role } });
    await person.client.mutate(AcceptInvitationDocument, { input: { token: await atlas.tokenTo(person.email, /^inv_\S+$/m) } });
    return { ...person, client: person.client.with({ tenant: 'streams' }) };
  }
  const collection = async (): Promise<string> => (await owner.mutate(CreateCollectionDocument, { input: { name: 'Notes' } })).createCollection!.collection!.id;
  const item = async (collectionId: string, by = owner, title = 'A note'): Promise<string> => (await by.mutate(CreateItemDocument, { input: { collectionId, title, body: '' } })).createItem!.item!.id;
  const share = (collectionId: string, userId: string) => owner.mutate(ShareCollectionDocument, { input: { collectionId, userId, role: 'VIEWER' } });

  interface Watching { got: Changed[]; ended: Promise<string>; leave: () => void; told: (id: string) => Promise<unknown> }
  function watch(client: AtlasClient, variables: { collectionId?: string; after?: string } = {}): Watching {
    const left = new AbortController();
    const got: Changed[] = [];
    const read = async () => {
      for await (const { itemChanged } of client.subscribe(ItemChangedDocument, variables, { signal: left.signal })) got.push(itemChanged!);
      return 'left';
    };
    const leave = () => left.abort();
    leaving.push(leave);
    let over: string | null = null;
    const ended = read().catch((error: RequestError) => error.code).then((code) => (over = code));
    return { got, leave, ended, told: (id) => eventually(`${id} to be told`, () => {
      if (got.some(({ itemId }) => itemId === id)) return true;
      if (over) throw new Error(`The stream has ended: ${over}.`);
      return false;
    }) };
  }
  /** What was made, until the first of it was told: from then on the stream is known to be open. */
  async function untilTold(collectionId: string, told: () => string[]): Promise<void> {
    const made: string[] = [];
    await eventually('the stream to be open', async () => {
      made.push(await item(collectionId));
      return made.some((id) => told().includes(id));
    });
    await eventually('the rest to be told', () => told().includes(made.at(-1)!));
  }
  const idsOf = ({ got }: Watching): string[] => got.map(({ itemId }) => itemId);

  it.each([['graphql-transport-ws', overSocket], ['event streams', overEvents]] as const)('reach a reader over %s with the fields of every service, and a dropped one goes on from its cursor', async (name, over) => {
    const collectionId = await collection();
    const follow = (after?: string): Followed => {
      const stream = over(name === 'event streams' ? atlas.url : atlas.url.replace('http', 'ws'), { query: FOLLOW, variables: { collectionId, after }, token: `Bearer ${ownerToken}`, tenant: 'streams' });
      leaving.push(() => stream.leave());
      return stream;
    };
    const ids = (stream: Followed): string[] => stream.got.map(({ data }) => data!.itemChanged.itemId as string);
    const first = follow();
    await untilTold(collectionId, () => ids(first));
    expect(first.got.at(-1)!.data!.itemChanged).toMatchObject({ kind: 'CREATED', item: { title: 'A note', createdBy: { name: 'Person 1' } } });
    first.leave();
    const last = first.got.at(-1)!.data!.itemChanged.cursor as string;
    const made = [await item(collectionId), await item(collectionId), await item(collectionId)];
    const second = follow(last);
    await second.atLeast(3);
    made.push(await item(collectionId));
    await second.atLeast(4);
    expect(ids(second)).toEqual(made);
  });

  it('go on by themselves in the client when the gateway goes and comes back, nothing lost and nothing twice', async () => {
    const collectionId = await collection();
    const stream = watch(owner, { collectionId });
    await untilTold(collectionId, () => idsOf(stream));
    const before = stream.got.length;
    const made: string[] = [];
    for (let round = 0; round < 2; round += 1) {
      made.push(await item(collectionId));
      const gone = new Promise((resolve) => { atlas.process('gateway').once('exit', resolve); });
      atlas.process('gateway').kill(round === 0 ? 'SIGTERM' : 'SIGKILL');
      await gone;
      await atlas.restart('gateway');
      made.push(await item(collectionId), await item(collectionId));
    }
    await stream.told(made.at(-1)!);
    expect(idsOf(stream).slice(before)).toEqual(made);
  });

  it('go on when the collections service goes and comes back', async () => {
    const collectionId = await collection();
    const stream = watch(owner, { collectionId });
    await untilTold(collectionId, () => idsOf(stream));
    const before = stream.got.length;
    const made = [await item(collectionId)];
    const gone = new Promise((resolve) => { atlas.process('collections').once('exit', resolve); });
    atlas.process('collections').kill('SIGKILL');
    await gone;
    await atlas.restart('collections');
    made.push(await item(collectionId), await item(collectionId));
    await stream.told(made.at(-1)!);
    expect(idsOf(stream).slice(before)).toEqual(made);
  });

  it('reach nobody from whom the collection was taken', async () => {
    const [collectionId, guest] = [await collection(), await member(TenantRole.Guest)];
    await share(collectionId, guest.id);
    const [theirs, ours] = [watch(guest.client), watch(owner, { collectionId })];
    await untilTold(collectionId, () => idsOf(theirs));
    await owner.mutate(UnshareCollectionDocument, { input: { collectionId, userId: guest.id } });
    const after = [await item(collectionId), await item(collectionId)];
    await eventually('others to be told', () => idsOf(ours).includes(after[1]!));
    await share(collectionId, guest.id);
    const again = await item(collectionId);
    await eventually('what is shared again to be told', () => idsOf(theirs).includes(again));
    expect(idsOf(theirs).filter((id) => after.includes(id))).toEqual([]);
  });

  it('end for a member who is removed, and for a key that is revoked, with what a request would get', async () => {
    const collectionId = await collection();
    const gone = await member(TenantRole.Member);
    const { createApiKey: { apiKey, secret } = {} } = (await owner.mutate(CreateApiKeyDocument, { input: { name: 'k', scopes: ['collections:read'] } })) as { createApiKey: { apiKey: { id: string }; secret: string } };
    await share(collectionId, gone.id);
    const [ofMember, ofKey] = [watch(gone.client, { collectionId }), watch(atlas.client({ key: secret! }), { collectionId })];
    await untilTold(collectionId, () => idsOf(ofMember));
    await untilTold(collectionId, () => idsOf(ofKey));
    await owner.mutate(RemoveMemberDocument, { input: { userId: gone.id } });
    await owner.mutate(RevokeApiKeyDocument, { input: { id: apiKey!.id } });
    expect(await ofMember.ended).toBe('TENANT_NOT_FOUND');
    expect(await ofKey.ended).toBe('UNAUTHENTICATED');
  });

  it('are refused to the client with the code, and end quietly when it leaves', async () => {
    const stranger = await member(TenantRole.Guest);
    expect(await watch(stranger.client, { collectionId: await collection() }).ended).toBe('NOT_FOUND');
    expect(await watch(owner, { after: 'made up' }).ended).toBe('CURSOR_INVALID');
    const stream = watch(owner, { collectionId: await collection() });
    stream.leave();
    expect(await stream.ended).toBe('left');
  });
});
