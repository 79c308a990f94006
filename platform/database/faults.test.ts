import { expect, it } from '@jest/globals';
import { brokenConstraint, databaseFault, DatabaseAway } from './faults.ts';

const said = (message: string, more: object = {}) => Object.assign(new Error(message), more);

it.each(['Connection terminated unexpectedly', 'Client has encountered a connection error and is not queryable', 'Transaction query already complete, run with DEBUG=knex:tx for more info'])('a connection that broke is a database that is away, with a statement before it or without: %s', (words) => {
  expect(databaseFault(said(words))).toBeInstanceOf(DatabaseAway);
  expect(databaseFault(said(`insert into x values ('a - b') - ${words}`))).toBeInstanceOf(DatabaseAway);
});

it('what somebody wrote is taken for no broken connection', () => {
  const taken = said("insert into x values ('Connection terminated - it is not queryable') - duplicate key value violates unique constraint", { code: '23505', constraint: 'x_key' });
  expect(databaseFault(taken)).toBe(taken);
  expect(brokenConstraint(taken)).toBe('x_key');
  const other = said("insert into x values ('Connection terminated - it is not queryable') - something else");
  expect(databaseFault(other)).toBe(other);
});

it('a socket that takes nobody more says to come again', () => {
  expect(databaseFault(said('connect EAGAIN', { code: 'EAGAIN', syscall: 'connect' }))).toMatchObject({ code: 'OVERLOADED' });
});
