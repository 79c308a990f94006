import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { AtlasError } from './errors.ts';
import { onceOver, type Once } from './idempotency.ts';
import { newId, type TenantId } from './ids.ts';
import { secretFrom } from './secret.ts';
import { Note, scopeOf, startToy, type Toy } from '../test/kit/toy.ts';

let toy: Toy;
let once: Once;
const tenantId: TenantId = newId('tnt');
beforeAll(async () => {
  toy = await startToy();
  once = onceOver(toy.database, secretFrom('x'.repeat(32)));
});
afterAll(() => toy.stop());

const write = (text: string) => () => toy.desk.work(scopeOf(tenantId), async ({ notes }) => {
  const note = Note.write(tenantId, text);
  notes.add(note);
  return { note, secret: 'shown-once', at: new Date('2026-01-01T00:00:00Z') };
});
const reload = (id: string) => toy.desk.look(scopeOf(tenantId), ({ notes }) => notes.byId(id));
const notes = async (text: string) => (await toy.desk.look(scopeOf(tenantId), (ports) => ports.notes.all())).filter((note) => note.text === text).length;
const given = (key: string, text: string, more: object = {}) => ({ key, principal: 'usr_1', tenantId, field: 'writeNote', input: { text }, run: write(text), reload, ...more });

describe('an idempotency key', () => {
  it('gives the same answer and one effect, read again as it is today', async () => {
    const key = randomUUID();
    const first = await once(given(key, 'twice'));
    const second = await once(given(key, 'twice'));
    expect(second).toEqual({ note: expect.objectContaining({ id: first.note.id, text: 'twice' }), secret: 'shown-once', at: new Date('2026-01-01T00:00:00Z') });
    expect(await notes('twice')).toBe(1);
  });

  it('lets one of fifty twins through, and gives all of them its answer', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 50 }, () => once(given(key, 'fifty')).catch((error: AtlasError) => error.code)));
    const ids = answers.map((answer) => (typeof answer === 'string' ? answer : answer.note.id));
    expect([...new Set(ids)]).toEqual([expect.stringMatching(/^evt_/)]);
    expect(await notes('fifty')).toBe(1);
  });

  it('leaves a connection to the one that works, however many twins look after it', async () => {
    const key = randomUUID();
    let looking = 0;
    let most = 0;
    const counted = onceOver({ ...toy.database, transaction: async (...asked: Parameters<typeof toy.database.transaction>) => {
      most = Math.max(most, looking += 1);
      try { return await toy.database.transaction(...asked); } finally { looking -= 1; }
    } } as typeof toy.database, secretFrom('x'.repeat(32)));
    await Promise.all(Array.from({ length: 50 }, () => counted(given(key, 'one by one'))));
    expect(most).toBe(1);
    expect(await notes('one by one')).toBe(1);
  });

  it('is refused with another input', async () => {
    const key = randomUUID();
    await once(given(key, 'one input'));
    await expect(once(given(key, 'another input'))).rejects.toMatchObject({ code: 'IDEMPOTENCY_MISMATCH' });
    expect(await notes('another input')).toBe(0);
  });

  it('takes the order of fields for nothing', async () => {
    const key = randomUUID();
    const run = write('ordered');
    await once({ ...given(key, 'ordered'), input: { a: 1, b: [{ c: 2, d: 3 }] }, run });
    await once({ ...given(key, 'ordered'), input: { b: [{ d: 3, c: 2 }], a: 1 }, run });
    expect(await notes('ordered')).toBe(1);
  });

  it('belongs to one principal, one tenant and one field of the document', async () => {
    const key = randomUUID();
    await once(given(key, 'mine'));
    await once(given(key, 'theirs', { principal: 'usr_2' }));
    await once(given(key, 'aliased', { field: 'second' }));
    await once(given(key, 'elsewhere', { tenantId: newId('tnt') }));
    expect(await Promise.all(['mine', 'theirs', 'aliased', 'elsewhere'].map(notes))).toEqual([1, 1, 1, 1]);
  });

  it('is free again when nothing was changed', async () => {
    const key = randomUUID();
    const failing = { ...given(key, 'mended'), input: { text: '' }, run: async () => { throw new AtlasError('INVALID_INPUT'); } };
    await expect(once(failing as never)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await once(given(key, 'mended'));
    expect(await notes('mended')).toBe(1);
  });

  it('that a crash left wedged is taken over once its lease has run out, and the late one cannot commit', async () => {
    const key = randomUUID();
    let release!: () => void;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const slow = once({ ...given(key, 'wedged'), run: async () => { await gate; return write('late')(); } });
    await new Promise((resolve) => setTimeout(resolve, 100));
    await toy.database.transaction(scopeOf(null), 'write', (em) => em.execute(`UPDATE tenants.idempotency SET leased_until = now() - interval '1 second' WHERE result IS NULL`, [], 'run'));
    await once(given(key, 'wedged'));
    release();
    await expect(slow).rejects.toMatchObject({ code: 'IDEMPOTENCY_IN_PROGRESS' });
    expect([await notes('wedged'), await notes('late')]).toEqual([1, 0]);
  });

  it("keeps its result from whoever reads the table", async () => {
    const key = randomUUID();
    await once(given(key, 'sealed'));
    const rows = await toy.database.transaction(scopeOf(null), 'read', (em) => em.execute<{ result: string }[]>('SELECT * FROM tenants.idempotency'));
    const text = JSON.stringify(rows);
    expect(rows.length).toBeGreaterThan(0);
    expect(text).not.toContain('shown-once');
    expect(text).not.toContain(key);
  });
});
