/** Row-level security of what is shared collection by collection: the same rights that the use cases go by, said to the database. */
import { CURRENT_TENANT } from '../../../../platform/database/rights.ts';

const setting = (name: string) => `nullif(current_setting('app.${name}', true), '')`;
export const ACCESS = setting('access');
export const PERSON = setting('person');
export const EVERYONE = 'everyone';

/** Looked up once a statement and not once a row: a bare call would be made for every row. */
export const reached = (least: 'VIEWER' | 'EDITOR' | 'OWNER', column = 'collection_id') =>
  `((SELECT collections.reaches_all('${least}')) OR ${column} = ANY ((SELECT collections.reached('${least}'))::text[]))`;
export const reaches = (least: 'VIEWER' | 'EDITOR' | 'OWNER', column = 'collection_id') => `tenant_id = ${CURRENT_TENANT} AND ${reached(least, column)}`;

/** Whom a table's rows are shown to, and who changes them. `see` is what a row has to be besides, to be shown. */
export const sharedByCollection = (table: string, given: { column?: string; writes?: 'EDITOR' | 'OWNER'; commands?: string; see?: string } = {}) => {
  const { column = 'collection_id', writes = 'EDITOR', commands = 'SELECT, INSERT, UPDATE, DELETE' } = given;
  const [see, change] = [reaches('VIEWER', column) + (given.see ? ` AND ${given.see}` : ''), reaches(writes, column)];
  const allowed = (command: string) => commands.includes(command);
  return `
    ALTER TABLE collections.${table} ENABLE ROW LEVEL SECURITY;
    ALTER TABLE collections.${table} FORCE ROW LEVEL SECURITY;
    CREATE POLICY see ON collections.${table} FOR SELECT TO atlas_collections USING (${see});
    ${allowed('INSERT') ? `CREATE POLICY add ON collections.${table} FOR INSERT TO atlas_collections WITH CHECK (${change});` : ''}
    ${allowed('UPDATE') ? `CREATE POLICY change ON collections.${table} FOR UPDATE TO atlas_collections USING (${change}) WITH CHECK (${change});` : ''}
    ${allowed('DELETE') ? `CREATE POLICY remove ON collections.${table} FOR DELETE TO atlas_collections USING (${change});` : ''}
    GRANT ${commands} ON collections.${table} TO atlas_collections;
  `;
};
