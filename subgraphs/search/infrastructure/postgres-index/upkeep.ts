/** What one process does for all: folds what has changed, merges what has become small or dead, sweeps away what nobody needs. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../../platform/database/database.ts';
import type { TenantId } from '../../../../platform/ids.ts';
import { fold, type Folding } from './fold.ts';
import { MAKING_MS, merge, RETIRED_MS } from './merge.ts';
import { asSearch } from './tenant-view.ts';
import { holdState, removeSegments, setSeq, setStates, tidyIn } from './write-segments.ts';
import { readManifest } from './read-segments.ts';
import { rowsOf } from './statement.ts';

export interface Upkeep {
  /** A round of a loop: true when there is more to do at once. */
  round(): Promise<boolean>;
  /** Everything of one tenant that can be folded and merged. */
  settle(tenantId: TenantId): Promise<void>;
  /**
   * Everything of a tenant indexed anew, beside what is asked meanwhile, which it replaces at the end. Whoever dies over it
   * goes on where they were. `noted` hears how far it has come, from 0 to 1.
   */
  anew(tenantId: TenantId, noted: (share: number) => Promise<void>): Promise<void>;
}

/** So many changes are folded at once; fewer when nothing more has come since the last round. */
const WORTH_FOLDING = 256n;

export function upkeepOf(given: Folding): Upkeep {
  const { database } = given;
  let before: ReadonlyMap<TenantId, bigint> = new Map();
  const settle = async (tenantId: TenantId): Promise<void> => {
    while ((await fold(given, tenantId))?.more);
    while (await merge(database, tenantId));
  };
  return {
    settle,
    anew: (tenantId, noted) => anew(given, tenantId, noted),
    async round() {
      let more = false;
      const failures: unknown[] = [];
      const due = await dueOf(database);
      const quiet = before;
      before = new Map(due.map(({ tenantId, seq }) => [tenantId, seq]));
      for (const { tenantId, seq, folded, tidy } of due) {
        const isDue = seq !== folded && (seq - folded >= WORTH_FOLDING || quiet.get(tenantId) === seq);
        // One tenant's trouble keeps no other waiting.
        await (async () => {
          if (tidy) await tidyUp(database, tenantId);
          if (!isDue) return;
          more = (await fold(given, tenantId))?.more || more;
          while (await merge(database, tenantId));
        })().catch((error: unknown) => { failures.push(error); });
      }
      if (failures.length > 0) throw failures[0];
      return more;
    },
  };
}

const dueOf = (database: Database): Promise<{ tenantId: TenantId; seq: bigint; folded: bigint; tidy: boolean }[]> => database.asClock((em) => rowsOf(em, {
  values: [], text: `SELECT t.tenant_id AS "tenantId", t.seq, coalesce(k.folded_seq, 0) AS folded, coalesce(k.tidy_at <= now(), false) AS tidy
    FROM search.tenant t LEFT JOIN search.keyword_state k ON k.tenant_id = t.tenant_id WHERE t.seq > coalesce(k.folded_seq, 0) OR k.tidy_at <= now()`,
}));

async function tidyUp(database: Database, tenantId: TenantId): Promise<void> {
  await database.transaction(asSearch(tenantId), 'write', async (em) => {
    if (!await holdState(em, tenantId, false)) return;
    const older = (ms: number) => `state_at < now() - interval '${ms / 1_000} seconds'`;
    await removeSegments(em, tenantId, `(state = 'RETIRED' AND ${older(RETIRED_MS)} OR state = 'MAKING' AND ${older(MAKING_MS)})`);
    const [left] = await rowsOf(em, { values: [tenantId], text: `SELECT 1 AS one FROM search.segment WHERE tenant_id = ? AND state IN ('RETIRED', 'MAKING') LIMIT 1` });
    await rowsOf(em, { values: [tenantId], text: 'UPDATE search.keyword_state SET tidy_at = NULL WHERE tenant_id = ?' });
    if (left) await tidyIn(em, tenantId, RETIRED_MS);
  });
}

async function anew(given: Folding, tenantId: TenantId, noted: (share: number) => Promise<void>): Promise<void> {
  const write = <T>(body: Parameters<typeof given.database.transaction<T>>[2]) => given.database.transaction(asSearch(tenantId), 'write', body);
  await write(async (em) => {
    const state = await holdState(em, tenantId, true);
    if (state?.anew === null) await setSeq(em, tenantId, 'ANEW', 0n);
  });
  for (let more = true; more;) {
    const done = await fold(given, tenantId, 'ANEW');
    const { seq, ended } = await given.database.transaction(asSearch(tenantId), 'read', async (em) => ({ ...await readManifest(em, tenantId), ended: await hasEnded(em, tenantId) }));
    if (ended) return; // by another
    more = done?.more ?? true;
    if (done) await noted(seq === 0n ? 1 : Number(done.seq) / Number(seq));
  }
  await write(async (em) => {
    const state = await holdState(em, tenantId, true);
    if (state?.anew == null) return;
    const old = await readManifest(em, tenantId);
    const made = await readManifest(em, tenantId, {}, 'ANEW');
    await setStates(em, tenantId, old.segments.map(({ id }) => id), 'RETIRED');
    await setStates(em, tenantId, made.segments.map(({ id }) => id), 'LIVE');
    await setSeq(em, tenantId, 'LIVE', state.anew);
    await setSeq(em, tenantId, 'ANEW', null);
    await tidyIn(em, tenantId, RETIRED_MS);
  });
  while (await merge(given.database, tenantId));
}

const hasEnded = async (em: EntityManager, tenantId: TenantId): Promise<boolean> =>
  (await rowsOf(em, { values: [tenantId], text: 'SELECT 1 AS one FROM search.keyword_state WHERE tenant_id = ? AND anew_seq IS NOT NULL' })).length === 0;
