import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from './ids.ts';
import { withRequest } from './request.ts';
import { Note, noteWritten, scopeOf, startToy, type Toy } from '../test/kit/toy.ts';

let toy: Toy;
beforeAll(async () => { toy = await startToy(); });
afterAll(() => toy.stop());

describe('work', () => {
  it('commits the change and what it tells together, with who, when and for which request', async () => {
    const tenantId = newId('tnt');
    await withRequest({ requestId: 'request-1', address: null, userAgent: null, idempotencyKey: null }, () =>
      toy.desk.work(scopeOf(tenantId), async ({ notes }) => notes.add(Note.write(tenantId, 'first'))));
    const [told] = (await toy.outbox()).filter((envelope) => envelope.tenant === tenantId);
    expect(told).toMatchObject({ type: 'tenants.note-written', version: 1, subjectVersion: 1, requestId: 'request-1', actor: { kind: 'user' }, body: { text: 'first' } });
    expect(await toy.desk.look(scopeOf(tenantId), ({ notes }) => notes.all())).toHaveLength(1);
  });

  it('undone, changes nothing and tells nobody', async () => {
    const tenantId = newId('tnt');
    const failing = toy.desk.work(scopeOf(tenantId), async ({ notes }) => {
      notes.add(Note.write(tenantId, 'never'));
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await toy.desk.look(scopeOf(tenantId), ({ notes }) => notes.all())).toEqual([]);
    expect((await toy.outbox()).filter((envelope) => envelope.tenant === tenantId)).toEqual([]);
  });

  it('tells nothing that does not fit its contract, and does nothing then; the log learns which field it was, and not what stood in it', async () => {
    const tenantId = newId('tnt');
    const refused = await toy.desk.work(scopeOf(tenantId), async ({ notes }) => {
      const note = Note.write(tenantId, 'fits');
      note.tell(noteWritten({ noteId: note.id, text: { secret: 'hunter2' } as never }));
      notes.add(note);
    }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'INTERNAL', message: 'Something failed on our side; quote the request id.' });
    const cause = String((refused as Error).cause);
    expect(cause).toContain('tenants.note-written cannot be told: text: Invalid input: expected string');
    expect(cause).not.toContain('hunter2');
    expect(await toy.desk.look(scopeOf(tenantId), ({ notes }) => notes.all())).toEqual([]);
    expect((await toy.outbox()).filter((envelope) => envelope.tenant === tenantId)).toEqual([]);
  });

  it('does nothing when somebody has something to tell whom it neither saves nor witnesses: it would be lost without a word', async () => {
    const tenantId = newId('tnt');
    const refused = await toy.desk.work(scopeOf(tenantId), async ({ notes }) => {
      notes.add(Note.write(tenantId, 'kept'));
      return Note.write(tenantId, 'forgotten').id;
    }).catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'INTERNAL' });
    expect(String((refused as Error).cause)).toMatch(/^Error: Of \S+ something is to be told, and this work neither saves nor witnesses it\.$/);
    expect(await toy.desk.look(scopeOf(tenantId), ({ notes }) => notes.all())).toEqual([]);
  });

  it("sees and changes the current tenant's rows only", async () => {
    const [mine, theirs] = [newId('tnt'), newId('tnt')];
    await toy.desk.work(scopeOf(theirs), async ({ notes }) => notes.add(Note.write(theirs, 'secret')));
    expect(await toy.desk.look(scopeOf(mine), ({ notes }) => notes.all())).toEqual([]);
    expect(await toy.desk.look(scopeOf(null), ({ notes }) => notes.all())).toEqual([]);
    await expect(toy.desk.work(scopeOf(mine), async ({ notes }) => notes.add(Note.write(theirs, 'planted')))).rejects.toThrow(/row-level security/);
  });

  it('tells in the order in which things happened, with the version that each left behind', async () => {
    const tenantId = newId('tnt');
    const note = await toy.desk.work(scopeOf(tenantId), async ({ notes }) => {
      const written = Note.write(tenantId, 'one');
      notes.add(written);
      return written;
    });
    await toy.desk.work(scopeOf(tenantId), async ({ notes }) => (await notes.byId(note.id))!.change('two'));
    const told = (await toy.outbox()).filter((envelope) => envelope.subject === note.id);
    expect(told.map(({ subjectVersion, body }) => [subjectVersion, (body as { text: string }).text])).toEqual([[1, 'one'], [2, 'two']]);
  });

  it('refuses to save over a newer version', async () => {
    const tenantId = newId('tnt');
    const { id } = await toy.desk.work(scopeOf(tenantId), async ({ notes }) => { const note = Note.write(tenantId, 'x'); notes.add(note); return note; });
    let release!: () => void;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const slow = toy.desk.work(scopeOf(tenantId), async ({ notes }) => { const note = (await notes.byId(id))!; await gate; note.change('slow'); });
    await toy.desk.work(scopeOf(tenantId), async ({ notes }) => (await notes.byId(id))!.change('fast'));
    release();
    await expect(slow).rejects.toMatchObject({ code: 'VERSION_CONFLICT' });
  });

  it('answers a broken unique constraint in the words of the house', async () => {
    const tenantId = newId('tnt');
    const write = () => toy.desk.work(scopeOf(tenantId), async ({ notes }) => notes.add(Note.write(tenantId, 'same')));
    await write();
    await expect(write()).rejects.toMatchObject({ code: 'SLUG_TAKEN', message: 'There is such a note already.' });
  });

  it('does not nest, in itself or in look', async () => {
    const nested = toy.desk.work(scopeOf(null), () => toy.desk.look(scopeOf(null), ({ notes }) => notes.all()));
    await expect(nested).rejects.toThrow('do not nest');
  });

  it('cannot write while it looks', async () => {
    const tenantId = newId('tnt');
    await expect(toy.database.transaction(scopeOf(tenantId), 'read', (em) =>
      em.execute(`INSERT INTO tenants.note (id, tenant_id, text) VALUES ('x', ?, 'x')`, [tenantId]))).rejects.toThrow(/read-only/);
  });

  it('refuses a scope that could say more than an id', async () => {
    const hostile = { ...scopeOf(null), tenantId: `tnt_x'; RESET ROLE; --` as never };
    await expect(toy.desk.look(hostile, ({ notes }) => notes.all())).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  it('answers OVERLOADED when no connection comes free in two seconds', async () => {
    let release!: () => void;
    const gate = new Promise<void>((resolve) => { release = resolve; });
    const holding = Array.from({ length: 6 }, () => toy.desk.look(scopeOf(null), () => gate));
    await expect(toy.desk.look(scopeOf(null), ({ notes }) => notes.all())).rejects.toMatchObject({ code: 'OVERLOADED', status: 503 });
    release();
    await Promise.all(holding);
  });
});

describe('migrating', () => {
  it('is safe from several processes at once, and does nothing the second time', async () => {
    const opened = await Promise.all([toy.open(), toy.open(), toy.open()]);
    await Promise.all(opened.map((database) => database.ping()));
    await Promise.all(opened.map((database) => database.close()));
  });
});
