import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newCollection, newItem, shareWith } from '../../test/kit/collections.ts';
import { eventually } from '../../test/kit/eventually.ts';
import { dataOf, done, newMember, newTenant, type Person, type TestTenant } from '../../test/kit/tenants.ts';
import { startServices, SERVICES, type Kit } from '../../test/kit/services.ts';
import { enrichAnew } from './application/enrich-items.ts';
import { ENRICHING_VERSION } from './domain/enriching.ts';

const HERONS = ['Grey herons nest in tall trees near water, and herons return to the same trees every spring.', 'A colony of herons is called a heronry.', 'The heronry at the lake holds forty nests, which the herons mend with sticks before the first eggs are laid.',
  'Herons eat fish, frogs and small mammals, and they stand still for a long time before they strike.', 'In cold winters the herons of the lake move to the coast, where the water does not freeze.', 'Young herons leave the nest after about fifty days and are fed by both parents until then.',
  'Whoever counts the nests counts them from the shore, because herons leave a nest that is disturbed.', 'The count is repeated three times between March and June, and the largest of the three figures is kept.', 'A nest counts when a bird sits on it or when there are young birds in it.', 'The figures of all years are kept in the book of the lake, beside those of the cormorants and the terns.'].join(' ');
const SAID = 'query($representations: [_Any!]!) { _entities(representations: $representations) { ... on Item { summary suggestedTags language } } }';
const mutation = (name: string): string => `mutation($input: ${name[0]!.toUpperCase()}${name.slice(1)}Input!) { ${name}(input: $input) { userErrors { code } } }`;

let kit: Kit;
let acme: TestTenant;
let ann: Person, bob: Person;
let birds: string;
beforeAll(async () => {
  kit = await startServices(SERVICES);
  acme = await newTenant(kit);
  [ann, bob] = [await newMember(kit, acme, 'MEMBER'), await newMember(kit, acme, 'MEMBER')];
  birds = await newCollection(kit, ann);
}, 120_000);
afterAll(() => kit.stop());

const saidOf = async (id: string, who = ann): Promise<any> => dataOf(await kit.ask('ai', SAID, { representations: [{ __typename: 'Item', id }] }, who.viewer))._entities[0];
const said = (id: string, is: (one: any) => boolean = ({ language }) => language !== null) => eventually('something to be said of it', async () => { const one = await saidOf(id); return is(one) ? one : null; });

describe('what is said of an item', () => {
  it('is there a moment after it was written, from its own sentences', async () => {
    const id = await newItem(kit, ann, birds, { title: 'Herons', body: HERONS });
    const { summary, suggestedTags, language } = await said(id);
    expect(language).toBe('en');
    expect(suggestedTags.join(' ')).toMatch(/heron/);
    for (const sentence of summary.split(/(?<=\.) /)) expect(HERONS).toContain(sentence);
    expect(summary.length).toBeLessThan(HERONS.length);
  });

  it('follows what it says: another version is read anew, a deleted item is said nothing of', async () => {
    const id = await newItem(kit, ann, birds, { title: 'Notes', body: 'The weather is fine today and the birds are where they were.' });
    await said(id);
    done(await kit.ask('collections', mutation('updateItem'), { input: { id, expectedVersion: 1, body: 'Das Wetter ist heute schön, und die Vögel sind dort, wo sie gestern waren.' } }, ann.viewer));
    await said(id, ({ language }) => language === 'de');
    done(await kit.ask('collections', mutation('deleteItem'), { input: { id } }, ann.viewer));
    await said(id, ({ language }) => language === null);
  });

  it('is shown to whoever sees the item, and to nobody else', async () => {
    const id = await newItem(kit, ann, birds, { title: 'Herons', body: HERONS });
    await said(id);
    expect(await saidOf(id, bob)).toEqual({ summary: null, suggestedTags: null, language: null });
    await shareWith(kit, ann, birds, bob, 'VIEWER');
    expect((await saidOf(id, bob)).language).toBe('en');
  });

  it('is nothing in a tenant that wants none, not even what there was', async () => {
    const other = await newTenant(kit);
    const place = await newCollection(kit, other.owner);
    const id = await newItem(kit, other.owner, place, { title: 'Herons', body: HERONS });
    await eventually('something to be said of it', async () => (await saidOf(id, other.owner)).language !== null);
    done(await kit.ask('tenants', mutation('setFeature'), { input: { name: 'no-enrichment', enabled: true } }, other.owner.viewer));
    await eventually('it to be gone', async () => (await saidOf(id, other.owner)).language === null);
  });

  it('is said anew when the rules are others: those that older rules have spoken of are told to a job, tenant by tenant', async () => {
    const asked: { tenantId: string; itemIds: readonly string[] }[] = [];
    const due = { enrichedBefore: async (version: number) => (version === ENRICHING_VERSION ? [{ tenantId: acme.id, itemId: 'itm_a' as const }, { tenantId: acme.id, itemId: 'itm_b' as const }] : []) };
    const work = (async (scope: { tenantId: string }, body: (ports: unknown) => Promise<unknown>) => body({ jobs: { enqueue: async (_kind: unknown, { itemIds }: { itemIds: string[] }) => void asked.push({ tenantId: scope.tenantId, itemIds }) } })) as never;
    await enrichAnew({ work, due })();
    expect(asked).toEqual([{ tenantId: acme.id, itemIds: ['itm_a', 'itm_b'] }]);
  });
});
