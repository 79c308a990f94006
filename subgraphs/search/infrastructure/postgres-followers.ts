import type { EntityManager } from '@mikro-orm/postgresql';
import type { Database } from '../../../platform/database/database.ts';
import { rowsWithin, type Ground, type Statement } from '../../../platform/database/statement.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Due, Followers, Stand } from '../domain/document-ports.ts';

const STAND = 'seq, anew_seq AS anew, generation';
interface Row { seq: string; anew: string | null; generation: number }
const standOf = ({ seq, anew, generation }: Row): Stand => ({ seq: BigInt(seq), anew: anew === null ? null : BigInt(anew), generation });

/** Row-level security shows those of one tenant. */
export class PostgresFollowers implements Followers {
  constructor(private readonly on: Ground) {}

  async take(name: string, seconds: number): Promise<Stand | null> {
    const [row] = await this.on.rows<Row>({
      name: 'take a turn', values: [name, seconds, seconds],
      text: `INSERT INTO search.follower AS f (tenant_id, name, held_until) VALUES (current_setting('app.tenant_id'), ?, now() + make_interval(secs => ?::int))
        ON CONFLICT (tenant_id, name) DO UPDATE SET held_until = now() + make_interval(secs => ?::int) WHERE f.held_until < now() RETURNING ${STAND}`,
    });
    return row ? standOf(row) : null;
  }
  async leave(name: string, { generation }: Stand, { seq, anew }: Pick<Stand, 'seq' | 'anew'>): Promise<void> {
    await this.on.rows({
      name: 'leave a turn', values: [String(seq), generation, anew === null ? null : String(anew), name],
      text: `UPDATE search.follower SET seq = ?::bigint, anew_seq = CASE WHEN generation = ? THEN ?::bigint ELSE anew_seq END, held_until = '-infinity' WHERE name = ?`,
    });
  }
  async stand(name: string): Promise<Stand> {
    const [row] = await this.on.rows<Row>({ name: 'stand of a follower', values: [name], text: `SELECT ${STAND} FROM search.follower WHERE name = ?` });
    return row ? standOf(row) : { seq: 0n, anew: null, generation: 0 };
  }
  async beginAnew(name: string): Promise<void> {
    await this.on.rows({ ...anewStatement(name), text: `${anewStatement(name).text} WHERE f.anew_seq IS NULL` });
  }
  async replace(place: string, name: string): Promise<void> {
    await this.on.rows({ name: 'replace followers', values: [place, name], text: 'DELETE FROM search.follower WHERE starts_with(name, ?) AND name <> ?' });
  }
  async goBack(name: string, seq: bigint): Promise<void> {
    await this.on.rows({ values: [String(seq), name], text: 'UPDATE search.follower SET seq = least(seq, ?::bigint) WHERE name = ?' });
  }
  async passed(names: readonly string[]): Promise<bigint> {
    const [row] = await this.on.rows<{ count: string; least: string | null; folded: string }>({
      values: [names], text: `SELECT count(*) AS count, min(least(seq, coalesce(anew_seq, seq))) AS least, coalesce((SELECT folded_seq FROM search.keyword_state), 0) AS folded FROM search.follower WHERE name = ANY (?::text[])`,
    });
    if (Number(row!.count) < names.length) return 0n;
    const [least, folded] = [BigInt(row!.least ?? row!.folded), BigInt(row!.folded)];
    return least < folded ? least : folded;
  }
}

const anewStatement = (name: string): Statement => ({
  values: [name],
  text: `INSERT INTO search.follower AS f (tenant_id, name, anew_seq) VALUES (current_setting('app.tenant_id'), ?, 0)
    ON CONFLICT (tenant_id, name) DO UPDATE SET generation = f.generation + 1, anew_seq = 0`,
});

/** From the beginning, however far it is with it: what it was told before is of no worth any more. */
export const restartIn = async (em: EntityManager, name: string): Promise<void> => void (await rowsWithin(em)(anewStatement(name)));

export const dueTenants = (database: Pick<Database, 'asClock'>): Due => {
  const tenants = (statement: Statement): Promise<TenantId[]> =>
    database.asClock(async (em) => (await rowsWithin(em)<{ id: TenantId }>(statement)).map(({ id }) => id));
  return {
    of: (follower) => tenants({
      values: [follower], text: `SELECT t.tenant_id AS id FROM search.tenant t LEFT JOIN search.follower f ON f.tenant_id = t.tenant_id AND f.name = ?
        WHERE t.seq > coalesce(f.seq, 0) OR f.anew_seq IS NOT NULL ORDER BY 1`,
    }),
    all: () => tenants({ values: [], text: 'SELECT tenant_id AS id FROM search.tenant WHERE seq > 0 ORDER BY 1' }),
  };
};
