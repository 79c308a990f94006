import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { REVOKED_BY } from '../gateway/policy/revoked.ts';
import type { EventType } from '../platform/event.ts';
import { consumeAll, consumeOutside, type Consumer } from '../platform/outbox/inbox.ts';
import { SUBGRAPHS } from '../platform/service.ts';
import { loadContracts } from '../schema/publish-events.ts';
import { apiKeyCreated } from '../subgraphs/tenants/events.ts';
import { consumersOf, failuresOf, misfitsOf, sampleOf, SAMPLES, SCHEMA_FILES } from './kit/event-contracts.ts';
import { startServices, type Kit } from './kit/services.ts';

const contracts: EventType<unknown>[] = await loadContracts();
const versions = contracts.flatMap(({ type, versions: all }) => all.map(({ version }) => `${type}.v${version}`)).sort();

describe('every version of an event that was ever told', () => {
  it('has a schema and a frozen sample, and nothing else has', () => {
    expect(SCHEMA_FILES.map((name) => name.replace('.schema.json', '')).sort()).toEqual(versions);
    expect(SAMPLES.map(({ type, version }) => `${type}.v${version}`).sort()).toEqual(versions);
  });

  it.each(SAMPLES.map((sample) => [`${sample.type}.v${sample.version}`, sample] as const))('has a sample that keeps to its schema: %s', (_name, sample) => {
    expect(misfitsOf(sample)).toEqual([]);
  });

  it.each(SAMPLES.map((sample) => [`${sample.type}.v${sample.version}`, sample] as const))('is read today as today’s version would have told it: %s', (_name, sample) => {
    const contract = contracts.find(({ type }) => type === sample.type)!;
    const read = contract.read(sample);
    expect(read.version).toBe(contract.version);
    expect(misfitsOf(read)).toEqual([]);
  });
});

describe('a schema', () => {
  const sample = sampleOf('tenants.member-joined', 1);
  const body = sample.body as object;
  it.each<[string, object, string]>([
    ['an id of another kind', { body: { ...body, userId: 'key_01m7y7ezm7e4897ym8t7rp2tv2' } }, '/data/body/userId'],
    ['a role that there is not', { body: { ...body, role: 'KING' } }, '/data/body/role'],
    ['a field too many', { body: { ...body, token: 'x' } }, '/data/body'],
    ['a time that is not to the millisecond', { at: '2026-11-21' }, '/time'],
    ['a subject without a version', { subjectVersion: 0 }, '/subjectversion'],
    ['use that counts nothing', { usage: [{ metric: 'x' }] }, '/data/usage/0'],
    ['a quantity that some reader would round', { usage: [{ metric: 'x', quantity: 0.1 }] }, '/data/usage/0/quantity'],
    ['an audit line about nothing', { audit: { entityType: 'Member' } }, '/data/audit'],
  ])('refuses %s', (_what, wrong, at) => {
    expect(misfitsOf({ ...sample, ...wrong })).toEqual([expect.stringContaining(`${at}: `)]);
  });
});

describe('consumers', () => {
  let kit: Kit;
  beforeAll(async () => { kit = await startServices([]); });
  afterAll(() => kit.stop());

  // Whoever is asked by another is there before it.
  it.each(['tenants', ...SUBGRAPHS.filter((name) => name !== 'tenants')] as const)('of %s handle every sample of what they want, whichever version', async (name) => {
    const consumers = await consumersOf(kit.atlas, name);
    expect(consumers.length).toBeGreaterThan(0);
    expect(await failuresOf(consumers)).toEqual([]);
  });

  it('that read today’s body into an older version are found, and only there', async () => {
    const asToday: Consumer = { name: 'raw', types: [apiKeyCreated.type], marks: 'itself', handle: async ({ body }) => void (body as { trustedDocumentsOnly: boolean }).trustedDocumentsOnly.valueOf() };
    expect(await failuresOf([asToday])).toEqual([expect.stringContaining('raw: tenants.api-key-created.v1: TypeError')]);
    expect(await failuresOf([{ ...asToday, types: ['tenants.never-told'] }])).toEqual(['raw: nobody has ever told what it wants']);
  });

  it('of a contract are handed today’s version; those of everything what was told', async () => {
    const heard: boolean[] = [];
    const raw: number[] = [];
    const everything = consumeAll('everything', async ({ version }) => void raw.push(version));
    expect(await failuresOf([consumeOutside(apiKeyCreated, async ({ body }) => void heard.push(body.trustedDocumentsOnly)), everything])).toEqual([]);
    expect(heard).toEqual([false, false]);
    expect(raw).toHaveLength(SAMPLES.length);
    expect(new Set(raw)).toEqual(new Set([1, 2]));
  });
});

// The gateway knows events by name alone: what it reads of their bodies is held here.
describe('what the gateway forgets by events', () => {
  it.each(Object.keys(REVOKED_BY))('is named by every version of %s', (type) => {
    const samples = SAMPLES.filter((sample) => sample.type === type);
    expect(samples.length).toBeGreaterThan(0);
    for (const { body } of samples) {
      const marks = REVOKED_BY[type]!(body as never);
      expect(marks.length).toBeGreaterThan(0);
      for (const mark of marks) expect(mark).toMatch(/^(keys@)?[a-z]{3}_[0-9a-z]{26}(@tnt_[0-9a-z]{26})?$/);
    }
  });
});
