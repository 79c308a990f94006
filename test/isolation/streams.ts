/** People who follow items all the while: each hears of what they may see, and of nothing else; the founders of everything there was. */
import { overEvents, type Followed, type StreamAnswer } from '../kit/stream-clients.ts';
import { eventually } from '../kit/eventually.ts';
import { FLAT_ITEM } from './operations/selections.ts';
import { mayRead, partIn, roleOf, type Principal } from './rights.ts';
import type { World } from './world.ts';

const CHANGES = `subscription($after: String) { itemChanged(after: $after) { cursor kind itemId item { ${FLAT_ITEM} collection { name } updatedBy { name } } } }`;
/** A right that was taken back may be felt so much later, and no more. */
export const FELT_MS = 1_000;

const FOLLOWERS_MAX = 12;

interface Change { cursor: string; kind: string; itemId: string }
interface Following { who: Principal; stream: Followed; read: number; seen: Set<string>; lostAt: Map<string, number>; cursor: string | null; ended: boolean; heard: Set<string> }

export class Followers {
  private readonly following: Following[] = [];
  private lookedAt = performance.now();
  events = 0;
  constructor(private readonly world: World) {}

  /** Begins for everybody who belongs to a tenant; whoever was ended begins again, founders where they were. */
  async follow(): Promise<void> {
    for (const who of this.world.principals) {
      if (this.following.length >= FOLLOWERS_MAX) break;
      if (!who.tenant || roleOf(who) === null || this.following.some((one) => one.who.person === who.person && one.who.key === who.key && one.who.tenant === who.tenant)) continue;
      this.following.push({ who, stream: this.open(who, null), read: 0, seen: new Set(), lostAt: new Map(), cursor: null, ended: false, heard: new Set() });
    }
    for (const one of this.following.filter(({ ended, who }) => ended && roleOf(who) !== null)) Object.assign(one, { stream: this.open(one.who, one.cursor), read: 0, ended: false });
    for (const one of this.following) void one.stream.ended.then(() => { one.ended = true; });
    this.rightsChanged();
  }
  private open(who: Principal, cursor: string | null): Followed {
    const token = `Bearer ${who.key?.secret ?? who.person!.session.accessToken}`;
    return overEvents(`${this.world.kit.atlas.url}/graphql`, { query: CHANGES, variables: { after: cursor }, token, tenant: who.tenant!.id });
  }

  /** After anything that may have changed who sees what. */
  rightsChanged(): void {
    for (const { who, seen, lostAt } of this.following) {
      for (const collection of this.world.collections) {
        const sees = partIn(who, collection) !== null;
        if (!sees && seen.delete(collection.id)) lostAt.set(collection.id, performance.now());
        if (sees) seen.add(collection.id);
      }
    }
  }

  /** What has come since it was last looked at, and should not have. */
  faults(): string[] {
    const since = this.lookedAt - FELT_MS;
    this.lookedAt = performance.now();
    return this.following.flatMap((one) => {
      const fresh = one.stream.got.slice(one.read);
      one.read += fresh.length;
      this.events += fresh.length;
      return fresh.flatMap((answer) => this.judge(one, answer, since));
    });
  }
  private judge(one: Following, answer: StreamAnswer, since: number): string[] {
    const change = answer.data?.itemChanged as Change | undefined;
    if (!change) return [];
    Object.assign(one, { cursor: change.cursor });
    one.heard.add(`${change.itemId} ${change.cursor}`);
    const sees = (id: string) => one.seen.has(id) || (one.lostAt.get(id) ?? -Infinity) > since;
    const item = this.world.items.find(({ id }) => id === change.itemId);
    const name = one.who.key?.id ?? one.who.person!.id;
    const faults = item && !sees(item.collection.id) ? [`itemChanged tells ${name} of ${item.id}, which is not theirs to see`] : [];
    for (const { word, places } of this.world.canaries.in(JSON.stringify(answer))) {
      const may = places.some((place) => {
        const collection = 'collection' in place ? place.collection : 'item' in place ? place.item.collection : 'from' in place ? place.from.collection : null;
        return collection ? sees(collection.id) : mayRead(one.who, place, this.world.tenants, false);
      });
      if (!may) faults.push(`itemChanged tells ${name} ${word}`);
    }
    return faults;
  }

  /** Once every founder has heard of every change of their tenant. */
  async complete(changes: ReadonlyMap<string, number>): Promise<string[]> {
    const faults: string[] = [];
    await eventually('the founders to hear of every change', async () => {
      await this.follow();
      faults.push(...this.faults());
      return this.world.tenants.every((tenant) => (this.founderOf(tenant.founder.id)?.heard.size ?? 0) >= (changes.get(tenant.id) ?? 0));
    });
    for (const tenant of this.world.tenants) {
      const heard = this.founderOf(tenant.founder.id)!.heard.size;
      if (heard !== (changes.get(tenant.id) ?? 0)) faults.push(`the founder of ${tenant.id} heard of ${heard} changes, and there were ${changes.get(tenant.id) ?? 0}`);
    }
    return faults;
  }
  private founderOf(id: string): Following | undefined { return this.following.find(({ who }) => who.person?.id === id); }

  leave(): void { for (const { stream } of this.following) stream.leave(); }
}
