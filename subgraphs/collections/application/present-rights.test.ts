import { describe, expect, it } from '@jest/globals';
import { newId, type CollectionId, type TenantId, type UserId } from '../../../platform/ids.ts';
import { userViewer, type TenantRole, type Viewer } from '../../../platform/viewer.ts';
import type { Look } from '../../../platform/work.ts';
import type { Ports } from '../domain/ports.ts';
import type { Who } from '../domain/share.ts';
import { presentRights } from './present-rights.ts';

const [tenantId, collectionId] = [newId('tnt') as TenantId, newId('col') as CollectionId];
const viewer = (role: TenantRole, of = tenantId): Viewer => userViewer({ userId: newId('usr') as UserId, sessionId: null, tenantId: of, role });

/** What is shared, and every time that it was looked up: for which tenant, collections and people. */
function rightsOver(parts: Map<CollectionId, Set<Who>>) {
  const looks: { tenantId: TenantId | null; ids: readonly string[]; people: readonly string[] }[] = [];
  const look = (async (scope: { tenantId: TenantId | null }, body: (ports: unknown) => Promise<unknown>) => body({
    shares: { async parts(ids: readonly CollectionId[], people: readonly UserId[]) {
      looks.push({ tenantId: scope.tenantId, ids, people });
      return structuredClone(parts);
    } },
  })) as unknown as Look<Ports>;
  return { looks, rights: presentRights({ look }) };
}

describe('rights of this moment', () => {
  it('are looked up once for all who ask at once, and answer each as who they are', async () => {
    const people = Array.from({ length: 500 }, (_, n) => viewer(n % 2 ? 'MEMBER' : 'GUEST'));
    const { looks, rights } = rightsOver(new Map([[collectionId, new Set<Who>([people[0]!.standsFor!, people[1]!.standsFor!])]]));
    const sights = await Promise.all(people.map((person) => rights.of(person, [collectionId])));
    expect(sights.map((sight) => sight.sees(collectionId))).toEqual(people.map((_, n) => n < 2));
    expect(looks).toHaveLength(1);
    expect(looks[0]!.people).toHaveLength(500);
  });

  it('are looked up tenant by tenant', async () => {
    const { looks, rights } = rightsOver(new Map());
    const elsewhere = newId('tnt') as TenantId;
    await Promise.all([rights.of(viewer('OWNER'), [collectionId]), rights.of(viewer('OWNER', elsewhere), [newId('col') as CollectionId])]);
    expect(looks.map((each) => each.tenantId).sort()).toEqual([tenantId, elsewhere].sort());
    expect(looks.map(({ ids }) => ids.length)).toEqual([1, 1]);
  });

  it('are never older than the question: what is asked while others are looked up is looked up after them', async () => {
    const parts = new Map<CollectionId, Set<Who>>([[collectionId, new Set()]]);
    const [first, second] = [viewer('MEMBER'), viewer('MEMBER')];
    const { looks, rights } = rightsOver(parts);
    const before = rights.of(first, [collectionId]);
    const sight = await before;
    parts.get(collectionId)!.add('everyone');
    expect(sight.sees(collectionId)).toBe(false);
    expect((await rights.of(second, [collectionId])).sees(collectionId)).toBe(true);
    expect(looks).toHaveLength(2);
  });

  it('show everybody’s to members and no guest, and nobody what is not there', async () => {
    const { rights } = rightsOver(new Map([[collectionId, new Set<Who>(['everyone'])]]));
    const sees = async (role: TenantRole, id = collectionId) => (await rights.of(viewer(role), [id])).sees(id);
    expect([await sees('GUEST'), await sees('MEMBER'), await sees('ADMIN'), await sees('OWNER')]).toEqual([false, true, true, true]);
    expect(await sees('OWNER', newId('col') as CollectionId)).toBe(false);
  });

  it('that could not be looked up are not there, and are looked up again', async () => {
    let failing = true;
    const rights = presentRights({ look: (async () => { if (failing) throw new Error('away'); return new Map([[collectionId, new Set()]]); }) as never });
    await expect(rights.of(viewer('OWNER'), [collectionId])).rejects.toThrow('away');
    failing = false;
    expect((await rights.of(viewer('OWNER'), [collectionId])).sees(collectionId)).toBe(true);
  });
});
