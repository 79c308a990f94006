import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { follow, kinds, knownItem, readAnswer, textOf, type Told } from '../../test/kit/answers.ts';
import { newCollection, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { openReceiver, verified } from '../../test/kit/receiver.ts';
import type { Following } from '../../test/kit/following.ts';
import { codeOf, dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const DECIDE = 'mutation($input: DecideApprovalInput!) { decideApproval(input: $input) { approval { id state text question edited why decidedBy { id } citations { passage } } userErrors { code path } } }';
const SET = 'mutation($input: SetApprovalPolicyInput!) { setApprovalPolicy(input: $input) { approvalPolicy { minConfidence sensitiveTags expiresHours approvers { id } } userErrors { code path } } }';
const LIST = 'query($state: ApprovalState) { approvals(state: $state) { nodes { id state text question citations { passage } } } }';

let kit: Kit;
let acme: TestTenant;
let ann: Person, bea: Person, cy: Person;
let secret: string;
beforeAll(async () => {
  kit = await startServices(SERVICES, { env: { WEBHOOKS_PRIVATE: 'on', WEBHOOKS_HTTP: 'on' } });
  acme = await newTenant(kit);
  [ann, bea, cy] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  secret = await newCollection(kit, ann);
  await knownItem(kit, ann, secret, { title: 'Herons', body: 'A heron colony is called a heronry.', tags: ['payroll'] });
  done(await ask(acme.owner, SET, { input: { sensitiveTags: ['Payroll'], approverIds: [bea.userId] } }));
}, 120_000);
afterAll(() => kit.stop());

const ask = (person: Person, document: string, variables: object = {}) => kit.ask('ai', document, variables as Record<string, unknown>, person.viewer);
const decide = (person: Person, input: object) => ask(person, DECIDE, { input });
async function waiting(): Promise<{ following: Following<Told>; id: string; answerId: string }> {
  const following = follow(kit, ann, { question: 'What is a colony of herons called?' });
  const told = await eventually('it to wait', () => following.got.find(({ __typename }) => __typename === 'ApprovalRequested'));
  return { following, id: told.approval.id, answerId: following.got[0]!.answerId! };
}

describe('an answer that waits', () => {
  it('is shown to nobody before somebody has approved of it, and then as they left it', async () => {
    const { following, id, answerId } = await waiting();
    expect(JSON.stringify(following.got)).not.toContain('heronry');
    expect(await readAnswer(kit, ann, answerId)).toMatchObject({ state: 'AWAITING_APPROVAL', text: null, citations: [] });
    const approved = done(await decide(acme.owner, { id, decision: 'APPROVE', text: 'As everybody knows [1].', reason: 'Known to all.' })).approval;
    expect(approved).toEqual({ id, state: 'APPROVED', text: 'As everybody knows [1].', question: 'What is a colony of herons called?', edited: true, why: 'Known to all.', decidedBy: { id: acme.owner.userId }, citations: [{ passage: 'A heron colony is called a heronry.' }] });
    expect(await following.ended).toBe('left');
    expect(textOf(following.got)).toBe('As everybody knows [1].');
    expect(kinds(following.got).slice(-2)).toEqual(['Cited', 'AnswerCompleted']);
    expect(following.got.at(-1)!.answer).toMatchObject({ state: 'COMPLETED', text: 'As everybody knows [1].' });
    const told = kit.events.filter(({ type, usage }) => type.startsWith('ai.') && usage?.some(({ attributes }) => attributes?.holder === answerId));
    expect(told.map(({ type }) => type)).toEqual(['ai.approval-requested']);
  });

  it('leads nowhere, whatever an approver pastes, and names the sources that it had by their numbers', async () => {
    const { following, id } = await waiting();
    expect(codeOf(await decide(acme.owner, { id, decision: 'APPROVE', text: 'x'.repeat(50_001) }))).toBe('INVALID_INPUT');
    expect(codeOf(await decide(acme.owner, { id, decision: 'APPROVE', text: '![x](https://evil.example/p.png)' }))).toBe('INVALID_INPUT');
    const { text } = done(await decide(acme.owner, { id, decision: 'APPROVE', text: 'A heronry [1], says [the heron](https://evil.example/?q=1) at https://evil.example/p [7].' })).approval;
    expect(text).toMatch(/^A heronry \[1\], says \[the heron\]/);
    expect(text).not.toMatch(/evil|\[7\]/);
    await following.ended;
    expect((await kit.eventAbout('ai.approval-decided', id)).audit).toMatchObject({ after: { edited: true, changed: ['text'] } });
  });

  it('is decided once, however many decide at once', async () => {
    const { following, id } = await waiting();
    const answers = await Promise.all([1, 2, 3, 4].map((each) => decide(acme.owner, { id, decision: each % 2 ? 'APPROVE' : 'REJECT' })));
    expect(answers.map(codeOf).filter((code) => code === undefined)).toHaveLength(1);
    expect(answers.map(codeOf).filter((code) => code === 'WRONG_STATE')).toHaveLength(3);
    expect(await following.ended).toBe('left');
    const [decided] = answers.filter((answer) => codeOf(answer) === undefined).map((answer) => done(answer).approval.state);
    expect(following.got.at(-1)!.answer.state).toBe(decided === 'APPROVED' ? 'COMPLETED' : 'REJECTED');
  });

  it('is seen to wait, and not what it says, by an approver who lacks a right to what it was made from', async () => {
    const { following, id, answerId } = await waiting();
    expect(dataOf(await ask(bea, LIST, { state: 'PENDING' })).approvals.nodes).toEqual([{ id, state: 'PENDING', text: null, question: null, citations: null }]);
    expect(codeOf(await decide(bea, { id, decision: 'REJECT' }))).toBe('FORBIDDEN');
    expect(dataOf(await ask(cy, LIST)).approvals.nodes).toEqual([]);
    for (const person of [cy, ann]) expect(codeOf(await decide(person, { id, decision: 'APPROVE' }))).toBe('NOT_FOUND');
    expect(await readAnswer(kit, bea, answerId)).toBeNull();
    await shareWith(kit, ann, secret, bea, 'VIEWER');
    expect(dataOf(await ask(bea, LIST, { state: 'PENDING' })).approvals.nodes[0].text).toContain('heronry');
    done(await decide(bea, { id, decision: 'REJECT' }));
    await following.ended;
    expect(following.got.at(-1)!.answer).toMatchObject({ state: 'REJECTED', text: null });
    expect(JSON.stringify(following.got)).not.toContain('heronry');
  });

  it('is rejected when nobody decides in time', async () => {
    const { following, id } = await waiting();
    const owner = new pg.Client({ connectionString: kit.database.ownerUrl });
    await owner.connect();
    await owner.query('ALTER TABLE ai.approval NO FORCE ROW LEVEL SECURITY');
    await owner.query(`UPDATE ai.approval SET expires_at = now() - interval '1 second' WHERE id = $1`, [id]);
    await owner.query('ALTER TABLE ai.approval FORCE ROW LEVEL SECURITY');
    await owner.end();
    expect(codeOf(await decide(acme.owner, { id, decision: 'APPROVE' }))).toBe('WRONG_STATE');
    expect(await following.ended).toBe('left');
    expect(following.got.at(-1)!.answer).toMatchObject({ state: 'REJECTED', text: null });
    expect(dataOf(await ask(acme.owner, LIST, { state: 'EXPIRED' })).approvals.nodes.map((approval: { id: string }) => approval.id)).toContain(id);
  });
});

describe('those who approve', () => {
  it('are told in their channel, and by their program, that something waits, without a word of it', async () => {
    const [channel, program] = [await openReceiver(), await openReceiver()];
    const hook = async (url: string, format: string): Promise<string> => done(await kit.ask('tenants', 'mutation($input: CreateWebhookInput!) { createWebhook(input: $input) { secret userErrors { code } } }', { input: { url, format, eventTypes: ['ai.approval-requested'] } }, acme.owner.viewer)).secret;
    try {
      await hook(channel.url, 'SLACK');
      const secret = await hook(program.url, 'CLOUD_EVENT');
      const { following, id, answerId } = await waiting();
      const [said, told] = [await eventually('the channel to be told', () => channel.arrived[0]), await eventually('the program to be told', () => program.arrived[0])];
      const { text, ...more } = JSON.parse(said.body);
      expect(more).toEqual({});
      expect(text).toMatch(new RegExp(`^\\*Approval requested\\*\\nai\\.approval-requested · ${id} · user ${ann.userId} · <!date`));
      expect(verified(secret, told)).toMatchObject({ type: 'ai.approval-requested', subject: id, data: { body: { approvalId: id, answerId, reasons: ['SENSITIVE_TAG'] } } });
      expect(said.body + told.body).not.toMatch(/heron|payroll/i);
      done(await decide(acme.owner, { id, decision: 'REJECT' }));
      await following.ended;
    } finally {
      await Promise.all([channel.close(), program.close()]);
    }
  });
});

describe('the policy', () => {
  it('is set by owners and admins, and refuses what makes no sense', async () => {
    expect(codeOf(await ask(ann, SET, { input: {} }))).toBe('FORBIDDEN');
    for (const [input, field] of [[{ minConfidence: 2 }, 'minConfidence'], [{ approverIds: ['nobody'] }, 'approverIds'], [{ expiresHours: 0 }, 'expiresHours']] as const) {
      expect(dataOf(await ask(acme.owner, SET, { input })).setApprovalPolicy).toEqual({ approvalPolicy: null, userErrors: [{ code: 'INVALID_INPUT', path: ['input', field] }] });
    }
    expect(done(await ask(acme.owner, SET, { input: { minConfidence: 0.5, approverIds: [bea.userId] } })).approvalPolicy).toEqual({ minConfidence: 0.5, sensitiveTags: [], expiresHours: 72, approvers: [{ id: bea.userId }] });
  });
});
