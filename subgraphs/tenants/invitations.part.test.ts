import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { newId } from '../../platform/ids.ts';
import { anonymous } from '../../platform/viewer.ts';
import { startServices, type Kit } from '../../test/kit/services.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { ACCEPT, codeOf, dataOf, INVITE, newMember, newTenant, payloadOf, stranger, tokenIn, type TestTenant } from '../../test/kit/tenants.ts';
import { startTogether } from '../../test/kit/together.ts';

const REVOKE = 'mutation($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { invitation { id } userErrors { code path } } }';
const LIST = '{ tenant { invitations { nodes { id email role acceptedAt } } } }';
const ENTITY = 'query($of: [_Any!]!) { _entities(representations: $of) { ... on Invitation { id email } } }';

let kit: Kit;
beforeAll(async () => { kit = await startTogether(['tenants']); });
afterAll(() => kit.stop());
afterEach(() => { jest.useRealTimers(); });

const invite = async (tenant: TestTenant, email: string, role = 'MEMBER', by = tenant.owner) => kit.ask('tenants', INVITE, { input: { email, role } }, by.viewer);
const accept = (token: string, who = stranger()) => kit.ask('tenants', ACCEPT, { input: { token } }, who.viewer);

describe('inviteMember and acceptInvitation', () => {
  it('answer: a letter with the token on a line of its own, and whoever holds it joins', async () => {
    const tenant = await newTenant(kit);
    const { invitation } = payloadOf(await invite(tenant, '  New.Person@Example.COM ', 'ADMIN'));
    expect(invitation).toMatchObject({ email: 'new.person@example.com', role: 'ADMIN', acceptedAt: null });
    const letter = await kit.letterTo('new.person@example.com');
    expect(letter.text).toContain(`http://localhost:0/#accept-invitation=${tokenIn(letter)}`);
    const who = stranger();
    expect(payloadOf(await accept(tokenIn(letter), who))).toMatchObject({ tenant: { id: tenant.id, viewerRole: 'ADMIN' }, member: { role: 'ADMIN', user: { id: who.userId } } });
    expect(dataOf(await kit.ask('tenants', LIST, {}, tenant.owner.viewer)).tenant.invitations.nodes).toEqual([{ id: invitation.id, email: 'new.person@example.com', role: 'ADMIN', acceptedAt: expect.anything() }]);
  });

  it('answer under an idempotency key, with one letter', async () => {
    const tenant = await newTenant(kit);
    const [first, again] = await Promise.all([1, 2].map(() => kit.ask('tenants', INVITE, { input: { email: 'twice@example.com', role: 'GUEST' } }, tenant.owner.viewer, { idempotencyKey: 'letter' })));
    expect(payloadOf(first!)).toEqual(payloadOf(again!));
    expect(payloadOf(first!).invitation).not.toBeNull();
    const token = tokenIn(await kit.letterTo('twice@example.com'));
    const who = stranger();
    const joined = await Promise.all([1, 2].map(() => kit.ask('tenants', ACCEPT, { input: { token } }, who.viewer, { idempotencyKey: 'join' })));
    expect(joined.map(payloadOf)).toEqual(Array(2).fill(expect.objectContaining({ tenant: expect.objectContaining({ viewerRole: 'GUEST' }) })));
    expect(kit.letters.filter(({ to }) => to === 'twice@example.com')).toHaveLength(1);
  });

  it('answer the same address again by replacing what was open', async () => {
    const tenant = await newTenant(kit);
    await invite(tenant, 'again@example.com', 'GUEST');
    const old = tokenIn(await kit.letterTo('again@example.com'));
    await invite(tenant, 'again@example.com', 'MEMBER');
    const token = tokenIn(await kit.letterTo('again@example.com', 2));
    expect(token).not.toBe(old);
    expect(codeOf(await accept(old))).toBe('TOKEN_INVALID');
    expect(payloadOf(await accept(token)).member.role).toBe('MEMBER');
    expect(dataOf(await kit.ask('tenants', LIST, {}, tenant.owner.viewer)).tenant.invitations.nodes).toHaveLength(1);
  });

  it('refuse bad input: used, expired, revoked, torn and unknown tokens sound the same', async () => {
    const tenant = await newTenant(kit);
    const tokens: string[] = [];
    for (const name of ['used', 'expired', 'revoked']) {
      const { invitation } = payloadOf(await invite(tenant, `${name}@example.com`));
      tokens.push(tokenIn(await kit.letterTo(`${name}@example.com`)));
      if (name === 'used') await accept(tokens[0]!);
      if (name === 'revoked') expect(payloadOf(await kit.ask('tenants', REVOKE, { input: { id: invitation.id } }, tenant.owner.viewer)).invitation).not.toBeNull();
    }
    jest.useFakeTimers({ now: Date.now() + 8 * 24 * 3_600_000, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'queueMicrotask', 'performance', 'hrtime'] });
    expect(codeOf(await accept(tokens[1]!))).toBe('TOKEN_INVALID');
    jest.useRealTimers();
    for (const token of [tokens[0]!, tokens[2]!, `${tokens[0]}x`, 'inv', '', 'x'.repeat(5_000)]) expect(codeOf(await accept(token))).toBe('TOKEN_INVALID');
    expect(payloadOf(await accept(tokens[1]!)).tenant.id).toBe(tenant.id);
  });

  it('refuse bad input: a member already, addresses that are none', async () => {
    const tenant = await newTenant(kit);
    const member = await newMember(kit, tenant, 'MEMBER');
    await invite(tenant, 'other@example.com');
    const token = tokenIn(await kit.letterTo('other@example.com'));
    expect(codeOf(await accept(token, member))).toBe('ALREADY_MEMBER');
    expect(codeOf(await accept(token))).toBeUndefined();
    for (const email of ['', 'nobody', 'a@b', 'a b@example.com', 'a@example.com,b@example.com', 'a@example.com\r\nBcc: b@example.com', `${'x'.repeat(250)}@example.com`]) {
      expect(codeOf(await invite(tenant, email))).toBe('INVALID_INPUT');
    }
  });

  it('let one of two win who accept at once', async () => {
    const tenant = await newTenant(kit);
    await invite(tenant, 'race@example.com');
    const token = tokenIn(await kit.letterTo('race@example.com'));
    const answers = await Promise.all([accept(token), accept(token), accept(token)]);
    expect(answers.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(answers.map(codeOf).filter((code) => code === 'TOKEN_INVALID')).toHaveLength(2);
  });

  it('refuse a stranger, those below ADMIN, and an ADMIN who invites or withdraws an OWNER', async () => {
    const tenant = await newTenant(kit);
    const [admin, member, guest] = [await newMember(kit, tenant, 'ADMIN'), await newMember(kit, tenant, 'MEMBER'), await newMember(kit, tenant, 'GUEST')];
    expect(codeOf(await kit.ask('tenants', INVITE, { input: { email: 'a@example.com', role: 'GUEST' } }, anonymous))).toBe('UNAUTHENTICATED');
    expect(codeOf(await kit.ask('tenants', ACCEPT, { input: { token: 'x' } }, anonymous))).toBe('UNAUTHENTICATED');
    for (const by of [member, guest]) expect(codeOf(await invite(tenant, 'a@example.com', 'GUEST', by))).toBe('FORBIDDEN');
    expect(codeOf(await invite(tenant, 'a@example.com', 'OWNER', admin))).toBe('FORBIDDEN');
    const { invitation } = payloadOf(await invite(tenant, 'boss@example.com', 'OWNER'));
    expect(codeOf(await invite(tenant, 'boss@example.com', 'GUEST', admin))).toBe('FORBIDDEN');
    expect(codeOf(await kit.ask('tenants', REVOKE, { input: { id: invitation.id } }, admin.viewer))).toBe('FORBIDDEN');
    expect(codeOf(await kit.ask('tenants', '{ tenant { invitations { nodes { id } } } }', {}, member.viewer))).toBe('FORBIDDEN');
  });

  it('refuse another tenant', async () => {
    const [mine, theirs] = [await newTenant(kit), await newTenant(kit)];
    const member = await newMember(kit, theirs, 'MEMBER');
    const { invitation } = payloadOf(await invite(theirs, 'hidden@example.com'));
    for (const id of [invitation.id, newId('inv'), 'inv_x']) expect(codeOf(await kit.ask('tenants', REVOKE, { input: { id } }, mine.owner.viewer))).toBe('NOT_FOUND');
    const of = [{ __typename: 'Invitation', nodeId: invitation.id }];
    for (const { viewer } of [mine.owner, member]) expect(dataOf(await kit.ask('tenants', ENTITY, { of }, viewer))._entities).toEqual([null]);
    expect(dataOf(await kit.ask('tenants', ENTITY, { of }, theirs.owner.viewer))._entities[0].id).toBe(invitation.id);
  });

  it('keep the token out of events, logs and the database', async () => {
    const tenant = await newTenant(kit);
    await invite(tenant, 'quiet@example.com');
    const token = tokenIn(await kit.letterTo('quiet@example.com'));
    await accept(token);
    const client = new pg.Client({ connectionString: kit.database.ownerUrl });
    await client.connect();
    await client.query('ALTER TABLE tenants.invitation DISABLE ROW LEVEL SECURITY');
    const { rows } = await client.query('SELECT i::text AS row FROM tenants.invitation i');
    await client.query('ALTER TABLE tenants.invitation ENABLE ROW LEVEL SECURITY').finally(() => client.end());
    expect(rows.length).toBeGreaterThan(0);
    for (const text of [JSON.stringify(kit.events), kit.logged.join('\n'), JSON.stringify(rows)]) expect(text).not.toContain(token.split('_').at(-2));
  });
});

describe('a sandbox tenant', () => {
  it('sends no letter where letters would really leave', async () => {
    const real = await startServices(['tenants'], { env: { SMTP_URL: 'smtp://127.0.0.1:9' } });
    try {
      const tenant = await newTenant(real, { sandbox: true });
      payloadOf(await real.ask('tenants', INVITE, { input: { email: 'nobody@example.com', role: 'GUEST' } }, tenant.owner.viewer));
      const withheld = await eventually('the withheld letter', () => real.logged.find((line) => line.includes('withheld') && line.includes(tenant.id)));
      expect(withheld).not.toContain('nobody@example.com');
      expect(real.letters).toEqual([]);
    } finally {
      await real.stop();
    }
  });
});
