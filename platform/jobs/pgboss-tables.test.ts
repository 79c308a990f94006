import { expect, it } from '@jest/globals';
import Boss from 'pg-boss';
import { PGBOSS_SQL } from './pgboss-tables.ts';

/** Without white space, and without the transaction and the lock around it: ours has both already. */
const wordsOf = (sql: string) => sql.replaceAll(';', ' ; ').split(/[\s;]+/).filter(Boolean).join(' ');

it('the tables of pg-boss are those that the installed version makes', () => {
  const whole = Boss.getConstructionPlans('pgboss');
  const made = whole.slice(whole.indexOf('CREATE SCHEMA'), whole.lastIndexOf('COMMIT'));
  expect(made).toContain('CREATE TABLE pgboss.job');
  expect(wordsOf(PGBOSS_SQL)).toBe(wordsOf(made));
});
