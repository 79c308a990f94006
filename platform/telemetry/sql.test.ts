import { describe, expect, it } from '@jest/globals';
import { withoutValues } from './sql.ts';

describe('the text of a span', () => {
  it.each([
    [`select * from "users"."user" where "email" = 'canary@example.com' limit 1`, `select * from "users"."user" where "email" = ? limit ?`],
    [`insert into t values ('it''s canary', E'a\\'canary', 42, -1.5, null, true)`, `insert into t values (?, ?, ?, -?, null, true)`],
    [`select 'cut off can`, `select ?`],
    [`select $tag$canary$tag$`, `select ?`],
    [`select t0.c1 from t0 where t0."x2" = 7`, `select t0.c1 from t0 where t0."x2" = ?`],
  ])('shows of %s where values stood, and none', (sql, shown) => {
    expect(withoutValues(sql)).toBe(shown);
  });
});
