/** Jobs that wait and are noted something now and then, and people who follow them: each is told what they may see as it is delivered, and nothing else. */
import { eventually } from '../kit/eventually.ts';
import { overEvents, type Followed } from '../kit/stream-clients.ts';
import { overHttp } from './asking.ts';
import type { JobState } from './canaries.ts';
import { held } from './jobs.ts';
import { FELT_MS } from './streams.ts';
import { mutation } from './operations/choose.ts';
import { partIn, passes, roleOf, seesJob, tenantOf, type Principal } from './rights.ts';
import type { World } from './world.ts';

const PROGRESS = 'subscription($id: ID!) { jobProgress(id: $id) { id state note result error { code } startedBy { name } } }';
const HELD_MAX = 2;
const EACH_MAX = 5;

interface Following { who: Principal; job: JobState; stream: Followed; read: number; sees: boolean; lostAt: number; ended: string | null }

export class JobFollowers {
  private following: Following[] = [];
  private lookedAt = performance.now();
  private readonly notes = new Map<JobState, string>();
  events = 0;
  constructor(private readonly world: World) {}

  /** Keeps some jobs waiting, of whoever has a collection; whoever may see one, and somebody who may not, follows it. */
  async follow(): Promise<void> {
    const { world } = this;
    this.following = this.following.filter(({ job, ended }) => job.held || ended === null);
    if (world.jobs.filter((job) => job.held).length < HELD_MAX) await this.begin();
    for (const job of world.jobs.filter((one) => one.held)) {
      const isOpen = (who: Principal) => this.following.some((one) => one.job === job && one.ended === null && one.who.person === who.person && one.who.key === who.key);
      const may = (who: Principal) => passes(who, 'GUEST', 'collections:read') && seesJob(who, job);
      const some = world.principals.filter((who) => tenantOf(who) === tenantOf(job.by) && roleOf(who) !== null && may(who) && !isOpen(who));
      const open = this.following.filter((one) => one.job === job && one.ended === null).length;
      for (const who of some.slice(0, Math.max(0, EACH_MAX - open))) this.open(who, job);
      const others = world.principals.filter((who) => who.tenant && roleOf(who) !== null && !may(who));
      if (others.length > 0) this.open(world.pick(others), job);
    }
  }
  private async begin(): Promise<void> {
    const { world } = this;
    const able = world.principals.flatMap((by) => world.collections.filter((collection) => passes(by, 'GUEST', 'collections:read') && partIn(by, collection) !== null).map((collection) => ({ by, collection })));
    if (able.length === 0) return;
    const { by, collection } = world.pick(able);
    const id = await held(world, collection.tenant, async () => {
      const { body } = await overHttp(world)(by, { document: mutation('exportCollection', 'job { id }'), variables: { input: { collectionId: collection.id, format: 'JSONL' } } });
      return (body.data?.exportCollection?.job?.id as string | undefined) ?? null;
    });
    if (id) world.jobs.push({ id, kind: 'collections.export-collection', by, collection, state: 'QUEUED', code: null, held: true, rows: null, itemsBefore: world.items.length, file: null });
  }
  private open(who: Principal, job: JobState): void {
    const token = `Bearer ${who.key?.secret ?? who.person!.session.accessToken}`;
    const stream = overEvents(`${this.world.kit.atlas.url}/graphql`, { query: PROGRESS, variables: { id: job.id }, token, tenant: tenantOf(who)!.id });
    const one: Following = { who, job, stream, read: 0, sees: passes(who, 'GUEST', 'collections:read') && seesJob(who, job), lostAt: -Infinity, ended: null };
    void stream.ended.then((how) => { one.ended = how; });
    this.following.push(one);
  }

  /** After anything that may have changed who sees what. */
  rightsChanged(): void {
    for (const one of this.following) {
      const sees = passes(one.who, 'GUEST', 'collections:read') && seesJob(one.who, one.job);
      if (one.sees && !sees) one.lostAt = performance.now();
      one.sees = sees;
    }
  }

  /** Says something new of one of them. */
  async stir(): Promise<void> {
    const { world } = this;
    const waiting = world.jobs.filter((job) => job.held);
    if (waiting.length === 0) return;
    const [job, note] = [world.pick(waiting), world.word()];
    world.canaries.plant([note], { in: 'job', job });
    this.notes.set(job, note);
    await world.inCollections(job.collection.tenant, () => world.database.query('UPDATE jobs.job SET note = $2 WHERE id = $1', [job.id, note]));
  }

  /** What has come since it was last looked at, and should not have. */
  faults(): string[] {
    const since = this.lookedAt - FELT_MS;
    this.lookedAt = performance.now();
    return this.following.flatMap((one) => {
      const fresh = one.stream.got.slice(one.read);
      one.read += fresh.length;
      this.events += fresh.length;
      if (fresh.some(({ data }) => data?.jobProgress) && !one.sees && one.lostAt <= since) return [`jobProgress tells ${one.who.key?.id ?? one.who.person!.id} of ${one.job.id}, which is not theirs to see`];
      return this.world.canaries.in(JSON.stringify(fresh)).flatMap(({ word, places }) =>
        (places.some((place) => place.in === 'name' || (place.in === 'job' && place.job === one.job)) ? [] : [`jobProgress tells ${one.who.key?.id ?? one.who.person!.id} ${word}`]));
    });
  }

  /** Once everybody who follows one that waits has heard the last that was said of it. */
  async complete(): Promise<string[]> {
    await this.follow();
    const waiting = [...this.notes].filter(([job]) => job.held);
    const heard = () => this.following.filter(({ sees, ended }) => sees && ended === null)
      .every(({ job, stream }) => waiting.every(([one, note]) => one !== job || stream.got.at(-1)?.data?.jobProgress?.note === note));
    const faults = await eventually('those who follow a job to hear the last of it', heard).then(() => [], (error: Error) => [error.message]);
    return [...faults, ...this.faults()];
  }
  leave(): void { for (const { stream } of this.following) stream.leave(); }
}
