import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, type TenantId } from '../../../../platform/ids.ts';
import { openSearchTables, type SearchTables } from '../../../../test/kit/search-tables.ts';
import type { Said } from '../../domain/ports.ts';
import { documentText, saidIn } from './document-text.ts';
import { localEmbeddings, SPACE_DIMENSIONS, weightOfSpace, type LocalEmbeddings, type TermsOf } from './local-embeddings.ts';
import { postgresCorpus, postgresSpaces } from './postgres-spaces.ts';

const termsOf: TermsOf = ({ text, language }) => (text.toLowerCase().match(/\p{L}+/gu) ?? []).map((word) => (language === 'en' ? word : `${language}:${word}`));
const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, at) => sum + value * b[at]!, 0);

/** Two subjects that share no word. A car is never called an automobile in one text: they only keep the same company. */
const CARS = ['car', 'automobile'].flatMap((name) => ['engine wheel', 'wheel brake', 'brake road', 'road driver', 'driver engine', 'engine brake'].map((company) => [`${name} ${company}`, company] as const));
const CAKES = ['cake', 'tart'].flatMap((name) => ['flour sugar', 'sugar oven', 'oven butter', 'butter egg', 'egg flour', 'flour oven'].map((company) => [`${name} ${company}`, company] as const));

describe('embeddings that are learned from the documents themselves', () => {
  let tables: SearchTables;
  let embeddings: LocalEmbeddings;
  const open = () => localEmbeddings({ spaces: postgresSpaces(tables.database), corpus: postgresCorpus(tables.database), termsOf });
  const embed = async (text: string, tenantId: TenantId, by = embeddings) => (await by.embed([said(text)], 'query', tenantId))[0]!;
  const said = (text: string): Said => [{ text, language: 'en' }];
  const learnt = async (...texts: (readonly [string, string])[]): Promise<TenantId> => {
    const tenantId = newId('tnt');
    await tables.write(tenantId, texts);
    await embeddings.learn(tenantId);
    return tenantId;
  };
  beforeAll(async () => {
    tables = await openSearchTables();
    embeddings = open();
  });
  afterAll(async () => {
    await embeddings.close();
    await tables.stop();
  });

  it('put words near each other that keep the same company, though no document has both', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    const [car, automobile, cake] = await Promise.all(['car', 'automobile', 'cake'].map((word) => embed(word, tenantId)));
    expect(dot(car!, automobile!)).toBeGreaterThan(0.5);
    expect(Math.abs(dot(car!, cake!))).toBeLessThan(0.1);
  });

  it('are of one length, and nothing where no word is known', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    const [known, unknown, empty] = await embeddings.embed(['the car', 'zeppelin', ''].map(said), 'document', tenantId);
    expect(known).toHaveLength(SPACE_DIMENSIONS);
    expect(dot(known!, known!)).toBeCloseTo(1, 5);
    for (const none of [unknown!, empty!]) expect(none).toEqual(new Float32Array(SPACE_DIMENSIONS));
  });

  it('begin with nothing: too few documents teach nothing, and a tenant without any is answered', async () => {
    const tenantId = newId('tnt');
    await tables.write(tenantId, CARS.slice(0, 5));
    expect(await embeddings.learn(tenantId)).toBe(false);
    expect(await embed('car', tenantId)).toEqual(new Float32Array(SPACE_DIMENSIONS));
    expect(await embeddings.learn(newId('tnt'))).toBe(false);
  });

  it('of one tenant say nothing of the words of another', async () => {
    const [cars, cakes] = [await learnt(...CARS, ...CAKES), await learnt(...CAKES, ...CAKES)];
    expect(dot(await embed('car', cars), await embed('automobile', cars))).toBeGreaterThan(0.5);
    expect(await embed('car', cakes)).toEqual(new Float32Array(SPACE_DIMENSIONS));
  });

  it('are learned again when there is half as much again, and not before', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    expect(await embeddings.learn(tenantId)).toBe(false);
    await tables.write(tenantId, CAKES.slice(0, 11));
    expect(await embeddings.learn(tenantId)).toBe(false);
    await tables.write(tenantId, CAKES.slice(0, 1));
    expect(await embeddings.learn(tenantId)).toBe(true);
    expect(await embeddings.learn(tenantId)).toBe(false);
  });

  it('learned anew lie where they lay: a vector of before is still near its like, and far from others', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    const before = { car: await embed('car wheel', tenantId), cake: await embed('cake flour', tenantId) };
    await tables.write(tenantId, [...CAKES, ...CAKES, ...CAKES]);
    expect(await embeddings.learn(tenantId)).toBe(true);
    const now = await embed('car brake', tenantId);
    expect(dot(now, before.car)).toBeGreaterThan(0.5);
    expect(Math.abs(dot(now, before.cake))).toBeLessThan(0.2);
  });

  it('that one process has learned serve in another, equal to the last digit', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    const elsewhere = open();
    expect(await embed('car road', tenantId, elsewhere)).toEqual(await embed('car road', tenantId));
    await elsewhere.close();
  });

  it('weigh more in a ranking the more documents have taught them, and never as much as words', async () => {
    expect(await embeddings.weight(newId('tnt'))).toBe(0);
    const small = await embeddings.weight(await learnt(...CARS, ...CAKES));
    expect(small).toBeGreaterThan(0);
    expect(small).toBeLessThan(0.001);
    const weights = [0, 100, 500, 1_500, 100_000].map(weightOfSpace);
    expect(weights).toEqual([...weights].sort((a, b) => a - b));
    expect(weights.at(-1)).toBe(0.25);
  });

  it('are learned again when most are gone, so that what they said is forgotten too', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    await tables.remove(tenantId, 'car%');
    expect(await embeddings.learn(tenantId)).toBe(false);
    await tables.write(tenantId, [...CAKES, ...CAKES, ...CAKES, ...CAKES]);
    expect(await embeddings.learn(tenantId)).toBe(true);
    await tables.remove(tenantId, 'tart%');
    expect(await embeddings.learn(tenantId)).toBe(true);
    expect(await embed('tart', tenantId)).toEqual(new Float32Array(SPACE_DIMENSIONS));
  });

  it('keep a word of one language apart from one of another that is spelled alike', async () => {
    const tenantId = newId('tnt');
    const german = CAKES.map(([title, body]) => [title.replace('cake', 'car'), body] as const);
    await tables.write(tenantId, CARS);
    await tables.write(tenantId, german, 'de-CH');
    await embeddings.learn(tenantId);
    const [english, other, automobile, flour] = await embeddings.embed([[{ text: 'car', language: 'en' }], [{ text: 'car', language: 'de' }], [{ text: 'automobile', language: 'en' }], [{ text: 'flour', language: 'de' }]], 'query', tenantId);
    expect(dot(english!, automobile!)).toBeGreaterThan(0.5);
    expect(dot(other!, flour!)).toBeGreaterThan(0.3);
    expect(Math.abs(dot(other!, automobile!))).toBeLessThan(0.1);
  });

  it('are no more learned by who has to stop', async () => {
    const [tenantId, here] = [newId('tnt'), open()];
    await tables.write(tenantId, [...CARS, ...CAKES]);
    const learning = here.learn(tenantId).then(() => 'learned', () => 'stopped');
    await here.close();
    expect(await learning).toBe('stopped');
    await expect(here.learn(tenantId)).rejects.toThrow('abort');
    expect(await embeddings.learn(tenantId)).toBe(true);
  });

  it('know a title by its place: it weighs more than as many words of the text', async () => {
    const tenantId = await learnt(...CARS, ...CAKES);
    const [text] = await embeddings.embed([saidIn({ title: 'car', tags: [], body: 'cake', attached: '', language: 'en' })], 'document', tenantId);
    expect(dot(text!, await embed('car', tenantId))).toBeGreaterThan(dot(text!, await embed('cake', tenantId)) + 0.1);
  });
});

describe('the text of a document', () => {
  it('has the title in the first line, whatever the title holds, and ends where models stop reading, never within a character', () => {
    expect(documentText({ title: 'One\ntwo', tags: ['a', 'b'], body: 'Body', attached: '' })).toBe('One two\n\na, b\n\nBody');
    const long = documentText({ title: 't', tags: [], body: '😀'.repeat(10_000), attached: '' });
    expect(long).toHaveLength(8_000);
    expect(long.isWellFormed()).toBe(true);
  });
});
