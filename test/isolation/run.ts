/** Random things done by random people of two tenants, each answer judged; the same ones for the same seed. */
import { eventually } from '../kit/eventually.ts';
import type { Kit } from '../kit/services.ts';
import type { Canaries } from './canaries.ts';
import { overHttp, type Answer, type Ask } from './asking.ts';
import { differences } from './compare.ts';
import { askDirectly } from './direct.ts';
import { tryUrl, wrongGrants } from './files.ts';
import { JobFollowers } from './job-streams.ts';
import { faultsOf, isDone, leaksIn, type Act } from './judge.ts';
import { OPERATIONS } from './operations/index.ts';
import type { Operation } from './operations/choose.ts';
import { roleOf, type Principal } from './rights.ts';
import { Followers } from './streams.ts';
import { openWorld, type World } from './world.ts';

export interface Found { faults: string[]; operations: number; done: number; refused: number; twins: number; direct: number; events: number; files: number; fields: Map<string, number>;
  /** Milliseconds, by what was waited for. */
  spent: Map<string, number>;
}
/** `worlds`: pairs of tenants at the same time, each with a seed of its own, the next one's one higher. */
interface Given { kit: Kit; seed: number; operations: number; worlds?: number; faultsMax?: number; /** A fault that is enough. */ until?: RegExp; /** When to stop, whatever is left. */ minutes?: number; /** Half of what is done is drawn from these fields alone. */ focus?: RegExp; say?: (line: string) => void }

const DIRECT_SHARE = 0.12;
/** Whoever belongs nowhere is refused most of what there is. */
const INSIDE_SHARE = 0.85;
const COMPARED_EVERY = 100;
const STIRRED_EVERY = 20;
const FETCHED_SHARE = 0.3;
const RENEWED_MS = 8 * 60_000;
/** What the gateway remembers of a caller and has to hear. */
const REMEMBERED = new Set(['changeMemberRole', 'removeMember', 'leaveTenant', 'updateApiKey', 'rotateApiKey', 'revokeApiKey'].map((name) => `Mutation.${name}`));
const DEPARTS = new Set(['Mutation.removeMember', 'Mutation.leaveTenant']);
const WEIGHT = OPERATIONS.reduce((sum, { weight }) => sum + weight, 0);

export const figuresOf = ({ operations, done, refused, twins, direct, events, files, fields, faults }: Found): string =>
  `${operations} operations over ${fields.size} fields (${done} done or seen, ${refused} not), ${direct} past the gateway, ${twins} beside what there is not, ${events} events followed, ${files} files fetched: ${faults.length} faults`;

/** What took longest. */
export const spentIn = ({ spent }: Found): string => [...spent].sort(([, a], [, b]) => b - a).slice(0, 16).map(([what, ms]) => `${what} ${Math.round(ms)}`).join(', ');

export async function isolationRun({ kit, seed, operations, worlds = 1, faultsMax = 20, until: enough, minutes = Infinity, focus, say = () => undefined }: Given): Promise<Found> {
  const found: Found = { faults: [], operations: 0, done: 0, refused: 0, twins: 0, direct: 0, events: 0, files: 0, fields: new Map(), spent: new Map() };
  const beside: Canaries[] = [];
  const until = performance.now() + minutes * 60_000;
  const goesOn = () => found.operations < operations && found.faults.length < faultsMax && !found.faults.some((fault) => enough?.test(fault)) && performance.now() < until;
  const inOne = async (own: number): Promise<void> => {
    const world = await openWorld(kit, own, beside);
    const session = new Session(world, overHttp(world), found, say, focus && OPERATIONS.filter(({ field }) => focus.test(field)));
    try {
      await session.begin();
      for (let n = 1; goesOn(); n += 1) {
        found.operations += 1;
        if (found.operations % 1_000 === 0) say(figuresOf(found));
        await session.step();
        if (n % STIRRED_EVERY === 0) await session.stir();
        if (n % COMPARED_EVERY === 0) await session.pause();
      }
      await session.end();
    } finally {
      await session.close();
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: worlds }, (_, n) => inOne(seed + n)));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return found;
}

class Session {
  private readonly followers: Followers;
  private readonly jobFollowers: JobFollowers;
  private readonly changes = new Map<string, number>();
  private renewedAt = performance.now();
  constructor(private readonly world: World, private readonly ask: Ask, private readonly found: Found, private readonly say: (line: string) => void, private readonly often: readonly Operation[] = []) {
    this.followers = new Followers(world);
    this.jobFollowers = new JobFollowers(world);
  }
  async begin(): Promise<void> {
    await this.followers.follow();
  }
  stir(): Promise<void> { return this.jobFollowers.stir(); }
  private async timed<T>(what: string, body: () => Promise<T>): Promise<T> {
    const since = performance.now();
    try {
      return await body();
    } finally {
      this.found.spent.set(what, (this.found.spent.get(what) ?? 0) + performance.now() - since);
    }
  }
  private note(what: string, faults: readonly string[]): void {
    for (const fault of faults.map((one) => `operation ${this.found.operations} (seed ${this.world.seed}), ${what}: ${one}`)) {
      this.found.faults.push(fault);
      this.say(fault);
    }
  }

  async step(): Promise<void> {
    const { world, found } = this;
    const inside = world.principals.filter((each) => roleOf(each) !== null);
    const by = world.pick(world.chance(INSIDE_SHARE) ? inside : world.principals);
    if (world.chance(DIRECT_SHARE)) {
      found.direct += 1;
      return this.note(nameOf(by), await this.timed('past the gateway', () => askDirectly(world, by)));
    }
    const operation = this.often.length > 0 && world.chance(0.5) ? world.pick(this.often) : drawn(world.random());
    const made = operation.make(world, by);
    if (!made) return;
    await this.perform({ ...made, field: operation.field, by });
    this.note('the streams', [...this.followers.faults(), ...this.jobFollowers.faults()]);
  }

  private async perform(act: Act): Promise<void> {
    const { world, found } = this;
    const answer = await this.timed(act.field, async () => { await act.ready?.(); return this.ask(act.by, act); });
    const done = isDone(act, answer);
    found[done ? 'done' : 'refused'] += 1;
    found.fields.set(act.field, (found.fields.get(act.field) ?? 0) + 1);
    if (act.hidden) found.twins += 1;
    const faults = await this.timed('the twin', () => faultsOf(act, answer, this.ask));
    if (act.expects !== undefined && done !== act.expects) faults.push(`was ${done ? 'done' : 'refused'}: ${answer.status} ${JSON.stringify(answer.body).slice(0, 800)}`);
    // What could be read before a change or can be after it, its answer may say.
    const shows = () => [...leaksIn(world, act.by, answer.text, act).map((leak) => `shows ${leak}`), ...wrongGrants(world, act.by, answer.text)];
    const before = shows();
    if (done && act.effect) {
      await this.timed(`what came of ${act.field}`, () => this.apply(act, answer)).catch((error: Error) => { faults.push(error.message); });
      await this.timed('hearing of it', () => this.heard(act, answer));
    }
    const after = new Set(shows());
    faults.push(...before.filter((leak) => after.has(leak)));
    if (faults.length === 0 && answer.text.includes('grant=') && world.chance(FETCHED_SHARE)) {
      found.files += 1;
      faults.push(...await tryUrl(world, act.by, answer.text).catch((error: Error) => [error.message]));
    }
    for (const [, cursor] of answer.text.matchAll(/"(?:cursor|endCursor)":"([^"]+)"/g)) world.cursors.push(cursor!);
    world.cursors.splice(0, Math.max(0, world.cursors.length - 200));
    this.note(`${act.field} by ${nameOf(act.by)} with ${JSON.stringify(act.variables)}`, faults);
  }

  private async apply(act: Act, answer: Answer): Promise<void> {
    const { world } = this;
    const payload = answer.body.data![act.field.split('.')[1]!];
    const versions = new Map(world.items.map((item) => [item, item.version]));
    await act.effect!(payload, world);
    // One by a change of its own, many by an import.
    for (const item of world.items.filter((one) => versions.get(one) !== one.version)) this.changes.set(item.collection.tenant.id, (this.changes.get(item.collection.tenant.id) ?? 0) + 1);
    world.settle();
    this.followers.rightsChanged();
    this.jobFollowers.rightsChanged();
  }

  /** Until the gateway has heard of it, which it does from the same log; and until whoever has left has no part in anything. */
  private async heard(act: Act, answer: Answer): Promise<void> {
    if (!REMEMBERED.has(act.field)) return;
    const [request] = /req_[0-9a-z]{26}/.exec(answer.text) ?? [];
    const { world } = this;
    await eventually('the log to tell of it', () => world.kit.events.some(({ requestId }) => requestId === request), 5_000).catch(() => undefined);
    for (let n = 0; n < 3; n += 1) await new Promise((resolve) => { setImmediate(resolve); });
    if (!DEPARTS.has(act.field)) return;
    for (const tenant of world.tenants) {
      await eventually('their parts to be taken', async () => {
        const { rows } = await world.inCollections(tenant, () => world.database.query<{ who: string }>("SELECT DISTINCT who FROM collections.member WHERE who <> 'everyone'"));
        return rows.every(({ who }) => tenant.members.has(who));
      });
    }
  }

  async pause(): Promise<void> {
    const { world } = this;
    this.note('what there is', await this.timed('comparing', () => differences(world, this.ask)));
    if (performance.now() - this.renewedAt > RENEWED_MS) {
      for (const person of world.people) {
        const { body } = await this.ask({ name: '', person: null, tenant: null, key: null }, { document: 'mutation($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken refreshToken expiresAt } } }', variables: { input: { refreshToken: person.session.refreshToken } } });
        person.session = body.data!.refreshSession.session;
      }
      this.renewedAt = performance.now();
    }
    await this.timed('following', () => this.followers.follow());
    await this.timed('following jobs', () => this.jobFollowers.follow());
  }
  async end(): Promise<void> {
    this.note('what there is', await this.timed('comparing all', () => differences(this.world, this.ask, Infinity)));
    if (this.found.faults.length === 0) this.note('the streams', [...await this.timed('the last events', () => this.followers.complete(this.changes)), ...await this.timed('the last notes', () => this.jobFollowers.complete())]);
    this.found.events += this.followers.events + this.jobFollowers.events;
  }
  async close(): Promise<void> {
    this.followers.leave();
    this.jobFollowers.leave();
    await this.world.database.end();
  }
}

function drawn(at: number): Operation {
  let left = at * WEIGHT;
  return OPERATIONS.find(({ weight }) => (left -= weight) < 0) ?? OPERATIONS[0]!;
}
const nameOf = ({ person, tenant, key }: Principal): string => (key ? `the key ${key.id}` : person ? `${person.id} in ${tenant?.id ?? 'no tenant'}` : 'nobody');
