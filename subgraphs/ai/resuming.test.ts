/** What an answer survives: a client that leaves, rights that are lost, whoever cancels it. The model is another's, slow, and on this machine. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { decimal, share } from '../../platform/decimal.ts';
import { ANSWER, follow, kinds, knownItem, textOf, type Told } from '../../test/kit/answers.ts';
import { newCollection, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import type { Following } from '../../test/kit/following.ts';
import { modelServer, type ModelServer } from '../../test/kit/model-server.ts';
import { codeOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';

const BODY = 'A heron colony is called a heronry.\n\nGrey herons nest in tall trees near water.';
const PIECES = ['A heron colony ', 'is called ', 'a heronry ', '[1].', ' Grey herons ', 'nest in tall trees ', 'near water ', '[1].'];
const WHOLE_TEXT = PIECES.join('');
const QUESTION = 'What is a heron colony called, and where do grey herons nest?';
const CANCEL = `mutation($input: CancelAnswerInput!) { cancelAnswer(input: $input) { answer { ${ANSWER} } userErrors { code path } } }`;

let server: ModelServer;
let kit: Kit;
let acme: TestTenant;
let ann: Person, bob: Person;
let birds: string;
beforeAll(async () => {
  server = await modelServer();
  kit = await startServices(SERVICES, { env: { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2' } });
  acme = await newTenant(kit);
  [ann, bob] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  birds = await newCollection(kit, ann);
  await knownItem(kit, ann, birds, { title: 'Herons', body: BODY });
}, 120_000);
const open: Following<Told>[] = [];
afterEach(async () => { await Promise.all(open.splice(0).map((one) => one.leave())); });
afterAll(async () => {
  await kit?.stop();
  await server?.stop();
});

const asked = (person: Person, input: object): Following<Told> => {
  const following = follow(kit, person, { ...input });
  open.push(following);
  return following;
};
const tokens = (following: Following<Told>, count: number) => eventually(`${count} tokens`, () => (following.got.filter(({ __typename }) => __typename === 'Token').length >= count ? following.got : null));
const usageOf = async (answerId: string) => eventually('its usage to be told', () => {
  const told = kit.events.filter(({ subject, usage }) => subject === answerId && usage?.length);
  return told.length > 0 ? told : null;
});

describe('a client that was dropped', () => {
  it('goes on at the next token, with the same text, as often as it is dropped; the model is asked once, and paid once', async () => {
    server.does({ text: PIECES, everyMs: 120 });
    const before = server.asked.length;
    const all: Told[] = [];
    let cursor: string | undefined;
    for (const count of [1, 2, 2]) {
      const following = asked(ann, cursor ? { resumeFrom: cursor } : { question: QUESTION });
      await tokens(following, count);
      await following.leave();
      all.push(...following.got);
      cursor = following.got.at(-1)!.cursor;
    }
    const last = asked(ann, { resumeFrom: cursor });
    expect(await last.ended).toBe('left');
    all.push(...last.got);
    expect(textOf(all)).toBe(WHOLE_TEXT);
    expect(kinds(all).filter((kind) => kind === 'Cited')).toHaveLength(1);
    const { answer } = all.at(-1)!;
    expect(answer).toMatchObject({ state: 'COMPLETED', text: WHOLE_TEXT, model: 'm' });
    expect(server.asked.length - before).toBe(1);
    expect(await usageOf(answer.id)).toHaveLength(1);
  });

  it('is not waited for: the answer is made to its end, and kept', async () => {
    server.does({ text: PIECES, everyMs: 40 });
    const following = asked(ann, { question: QUESTION });
    await tokens(following, 1);
    await following.leave();
    const cursor = following.got[0]!.cursor;
    const again = asked(ann, { resumeFrom: cursor });
    await again.ended;
    expect(textOf(again.got)).toBe(WHOLE_TEXT);
  });
});

describe('whoever cancels', () => {
  it('keeps what was said and pays for that; the model is let go of, and nothing more is said', async () => {
    server.does({ text: PIECES, silentAfter: 5 });
    const before = server.hungUp;
    const following = asked(ann, { question: QUESTION });
    await eventually('the first sentence', () => textOf(following.got).includes('Grey herons'));
    const { answerId } = following.got[0]!;
    const { answer } = done(await kit.ask('ai', CANCEL, { input: { id: answerId } }, ann.viewer));
    expect(answer).toMatchObject({ state: 'CANCELLED', text: PIECES.slice(0, 5).join(''), usage: { outputTokens: 5, cost: { currency: 'USD' } } });
    expect(Number(answer.usage.cost.amount)).toBeGreaterThan(0);
    await eventually('the model to be let go of', () => server.hungUp > before);
    expect(await following.ended).toBe('left');
    expect(following.got.at(-1)).toMatchObject({ __typename: 'AnswerCompleted', answer: { state: 'CANCELLED' } });
    const [told, ...more] = await usageOf(answerId!);
    expect([told!.type, more]).toEqual(['ai.answer-cancelled', []]);
    expect(told!.usage!.map(({ quantity }) => String(quantity))).toEqual([String(answer.usage.inputTokens), '5', share(decimal(answer.usage.inputTokens + 5 * 2), { part: 1, whole: 1_000_000, places: 14 })]);
    expect(codeOf(await kit.ask('ai', CANCEL, { input: { id: answerId } }, ann.viewer))).toBe('WRONG_STATE');
  });
});

describe('whoever loses what it is made from', () => {
  it('is told no more of it from then on, and which citation is gone; the answer is withheld', async () => {
    await shareWith(kit, ann, birds, bob, 'VIEWER');
    server.does({ text: PIECES, everyMs: 700 });
    const following = asked(bob, { question: QUESTION });
    await eventually('a citation', () => kinds(following.got).includes('Cited'));
    done(await kit.ask('collections', 'mutation($input: UnshareCollectionInput!) { unshareCollection(input: $input) { collection { id } userErrors { code } } }', { input: { collectionId: birds, userId: bob.userId } }, ann.viewer));
    expect(await following.ended).toBe('left');
    const told = kinds(following.got);
    const citation = following.got.find(({ __typename }) => __typename === 'Cited')!.citation;
    const at = told.indexOf('CitationWithheld');
    expect(following.got[at]).toMatchObject({ citationId: citation.id });
    expect(told.slice(at).filter((kind) => kind === 'Token')).toEqual([]);
    expect(textOf(following.got)).not.toContain('near water');
    expect(following.got.at(-1)).toMatchObject({ __typename: 'AnswerCompleted', answer: { state: 'WITHHELD', text: null, citations: [{ id: citation.id, passage: null, withheld: true, item: null }] } });
    // Whoever comes back is told of it once more, and still nothing of what it said.
    const again = asked(bob, { resumeFrom: following.got[at]!.cursor });
    await again.ended;
    expect(JSON.stringify(again.got)).not.toMatch(/near water|heronry/);
    expect(kinds(again.got)).toContain('CitationWithheld');
  });
});

describe('a model that fails', () => {
  it('fails the answer with a code, what was said is kept, and nothing of the failure is shown', async () => {
    server.does({ text: PIECES, cutAfter: 4 });
    const following = asked(ann, { question: QUESTION });
    await following.ended;
    const { answer } = following.got.at(-1)!;
    expect(answer).toMatchObject({ state: 'FAILED', error: { code: 'MODEL_UNAVAILABLE' } });
    expect(PIECES.join('').startsWith(answer.text)).toBe(true);
    expect(JSON.stringify(following.got)).not.toContain('canary');
  });
});
