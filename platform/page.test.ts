import { describe, expect, it } from '@jest/globals';
import { pageOf, pagesOf } from './page.ts';
import { secretFrom } from './secret.ts';

const secret = secretFrom('a secret of this installation, 32+');
const pages = pagesOf<{ at: string; id: string }>(secret, 'notes', ({ at, id }) => [at, id]);
const rows = [1, 2, 3].map((n) => ({ at: `2026-01-0${n}`, id: `id-${n}` }));

describe('a page', () => {
  it('says where it stands, and its cursors lead on from there', () => {
    const request = pages.request({ first: 2 });
    const connection = pages.connection(pageOf(rows, 2), request);
    expect(connection.nodes).toEqual(rows.slice(0, 2));
    expect(connection.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false, endCursor: connection.edges[1]!.cursor });
    expect(pages.request({ after: connection.pageInfo.endCursor! }).after).toEqual(['2026-01-02', 'id-2']);
  });

  it('has 20 rows when nothing is said, and between 1 and 100 otherwise', () => {
    expect(pages.request({}).first).toBe(20);
    for (const first of [0, -1, 101]) expect(() => pages.request({ first })).toThrow('between 1 and 100');
    expect([1, 100].map((first) => pages.request({ first }).first)).toEqual([1, 100]);
  });

  it('of one tenant is refused in another', () => {
    const { endCursor } = pages.connection(pageOf(rows, 3), pages.request({}, 'tnt_1')).pageInfo;
    expect(pages.request({ after: endCursor }, 'tnt_1').after).toEqual(['2026-01-03', 'id-3']);
    expect(() => pages.request({ after: endCursor }, 'tnt_2')).toThrow('cursor');
  });

  it('refuses every cursor that it did not make', () => {
    const { endCursor } = pages.connection(pageOf(rows, 3), pages.request({})).pageInfo;
    const [body, mark] = endCursor!.split('.') as [string, string];
    const forged = Buffer.from(JSON.stringify(['2020-01-01', 'id-9'])).toString('base64url');
    const others = pagesOf<{ at: string; id: string }>(secret, 'other', ({ at, id }) => [at, id]).connection(pageOf(rows, 3), { first: 3, after: null, within: '' }).pageInfo.endCursor!;
    for (const cursor of [`${forged}.${mark}`, body, `${body}.`, `${body}.${mark.slice(0, -1)}`, `${body}.${mark}x`, `${body}.${mark}.`, `${body}.${mark}.x`, `.${body}.${mark}`, `${body}=.${mark}`, `${body}.${mark}\n`, ` ${body}.${mark}`, others, 'x', '.', '', '💥']) {
      expect(() => pages.request({ after: cursor })).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
    }
  });

  it('cannot be carried to a list whose name is the beginning of its own', () => {
    const { endCursor } = pages.connection(pageOf(rows, 3), pages.request({}, 'tnt_1 live')).pageInfo;
    expect(() => pages.request({ after: `live ${endCursor}` }, 'tnt_1')).toThrow(expect.objectContaining({ code: 'CURSOR_INVALID' }));
  });
});
