import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { openWorld } from '../test/oracle/open-world.ts';
import { objects } from '../test/oracle/worlds/objects.ts';
import { openPlanner, type Planner } from './plan.ts';

/** Three subgraphs may each say what a medium is: every step into another one multiplies the ways there are. */
const SLOW = '{ media { ratings { media { worth offers { media { label ratings { media { worth age offers { media { label worth title year } } } } } } } } } }';
const QUICK = '{ media { title } }';
const NEVER_MS = 60_000;

let sdl: string;
let planner: Planner;
beforeAll(() => { sdl = openWorld(objects).supergraphSdl; });
afterEach(() => planner.close());

const planned = (text: string) => planner.plan({ text, operationName: null, overrides: [], refused: [], decided: {}, inParts: false });
const refusal = (text: string) => planned(text).then(() => null, (error: unknown) => error);

describe('a document that takes too long to plan', () => {
  it('is given up, and whoever waited behind it is planned', async () => {
    planner = await openPlanner(sdl, 800);
    const [slow, ...quick] = await Promise.all([refusal(SLOW), planned(QUICK), planned('{ first { id } }')]);
    expect(slow).toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX', status: 400 });
    expect(quick.map(({ pretty }) => pretty.includes('catalog'))).toEqual([true, true]);
  });

  it('is not tried again for a while', async () => {
    planner = await openPlanner(sdl, 800);
    const first = await refusal(SLOW);
    expect(first).toMatchObject({ code: 'DOCUMENT_TOO_COMPLEX' });
    expect(await refusal(SLOW)).toBe(first);
  });

  it('leaves a planner that still closes with everything planned that was asked of it', async () => {
    planner = await openPlanner(sdl, 800);
    const all = Promise.all([refusal(SLOW), planned(QUICK)]);
    await planner.close();
    const [, quick] = await all;
    expect(quick.pretty).toContain('catalog');
  });
});

it('a document that the planner fails on is refused with a code, the planner\'s words in its cause only, and the next is planned', async () => {
  planner = await openPlanner(sdl, NEVER_MS);
  const error = await planner.plan({ text: QUICK, operationName: 'NeverHeardOf', overrides: [], refused: [], decided: {}, inParts: false }).then(() => null, (refused: unknown) => refused);
  expect(error).toMatchObject({ code: 'DOCUMENT_NOT_PLANNED', status: 500, message: expect.not.stringContaining('NeverHeardOf'), cause: { message: expect.stringContaining('NeverHeardOf') } });
  expect((await planned(QUICK)).pretty).toContain('catalog');
});

it('a document that is not of the schema is refused with all that is wrong with it', async () => {
  planner = await openPlanner(sdl, NEVER_MS);
  expect(await refusal('{ nothing neither }')).toMatchObject({ code: 'GRAPHQL_VALIDATION_FAILED', faults: [{ locations: [{ line: 1, column: 3 }] }, { locations: [{ line: 1, column: 11 }] }] });
});
