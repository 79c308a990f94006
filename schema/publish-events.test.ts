import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { described, defineEvent, formerly, nullable, oneOf, text, type EventType } from '../platform/event.ts';
import { SUBGRAPHS } from '../platform/names.ts';
import { schemaFileOf } from './event-schema.ts';
import { loadContracts, publishEvents } from './publish-events.ts';

const shape = { name: text, how: oneOf('fast', 'slow') };
const thingDone = (of: Parameters<typeof defineEvent>[2]) => [defineEvent('toys.thing-done', 1, of)] as EventType<unknown>[];

describe('the schemas of events', () => {
  let root: string;
  const publish = (contracts: readonly EventType<any>[], check = false) => publishEvents({ contracts, root, check });
  const read = (version: number) => readFileSync(join(root, schemaFileOf('toys.thing-done', version)), 'utf8');
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'atlas-events-'));
    expect(publish(thingDone(shape)).code).toBe(0);
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('are written once and then are what the code says', () => {
    expect(JSON.parse(read(1))).toMatchObject({ $id: 'urn:atlas:event:toys.thing-done:v1', properties: { eventversion: { const: 1 }, data: { properties: { body: { additionalProperties: false, required: ['name', 'how'] } } } } });
    expect(publish(thingDone(shape), true)).toEqual({ code: 0, lines: [expect.stringContaining('1 schemas')] });
  });

  it.each([
    ['a field that is gone', { name: text }, 'data.body.how: is gone'],
    ['a field more', { ...shape, more: text }, 'data.body.more: is new and must be there'],
    ['a value less', { ...shape, how: oneOf('fast') }, 'data.body.how: may no longer be "slow"'],
    ['a value more', { ...shape, how: oneOf('fast', 'slow', 'sideways') }, 'data.body.how: may be "sideways" now'],
    ['what may be null now', { ...shape, name: nullable(text) }, 'data.body.name: was "string", is ["string","null"]'],
  ])('are not given another meaning: %s', (_what, other, line) => {
    const before = read(1);
    for (const check of [true, false]) {
      const { code, lines } = publish(thingDone(other), check);
      expect(code).toBe(1);
      expect(lines).toContain(`schema/events/toys.thing-done.v1.schema.json: ${line}`);
      expect(lines.at(-1)).toContain('A new meaning is a new version');
    }
    expect(read(1)).toBe(before);
  });

  it('follow a note, which promises nothing, and miss it in a check', () => {
    const noted = thingDone({ ...shape, name: described(text, 'As it calls itself.') });
    expect(publish(noted, true).code).toBe(1);
    expect(publish(noted).code).toBe(0);
    expect(read(1)).toContain('As it calls itself.');
  });

  it('of a new version stand beside those of the one before, which must stay known', () => {
    const next = { ...shape, more: text };
    expect(publish([defineEvent('toys.thing-done', 2, next)])).toEqual({ code: 1, lines: ['schema/events/toys.thing-done.v1.schema.json: the code does not know this version any more.', expect.stringContaining('formerly')] });
    const before = read(1);
    const second = defineEvent('toys.thing-done', 2, next, [formerly(1, shape, (body) => ({ ...body, more: '' }))]);
    expect(publish([second]).code).toBe(0);
    expect(read(1)).toBe(before);
    expect(JSON.parse(read(2))).toMatchObject({ properties: { eventversion: { const: 2 } } });
    expect(readdirSync(dirname(join(root, schemaFileOf('', 0))))).toHaveLength(2);
  });

  it('may gain an attribute around the body that need not be there, as the standard allows', () => {
    const former = JSON.parse(read(1)) as { properties: { requestid?: object } };
    delete former.properties.requestid;
    writeFileSync(join(root, schemaFileOf('toys.thing-done', 1)), JSON.stringify(former));
    expect(publish(thingDone(shape)).code).toBe(0);
    expect(JSON.parse(read(1)).properties).toHaveProperty('requestid');
  });

  it('are of every service that tells anything', async () => {
    const types = (await loadContracts()).map(({ type }) => type);
    expect(types.length).toBeGreaterThan(15);
    expect([...new Set(types.map((type) => type.split('.')[0]))].sort()).toEqual(['gateway', ...SUBGRAPHS].sort());
    mkdirSync(join(root, 'subgraphs'));
    expect(await loadContracts(root)).toEqual([]);
  });
});
