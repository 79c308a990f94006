import { describe, expect, it } from '@jest/globals';
import { WHOLE } from '../../test/kit/services.ts';
import { startTogether } from '../../test/kit/together.ts';

async function extensionsFrom(env: Record<string, string>, headers: Record<string, string>): Promise<{ queryPlan?: string } | undefined> {
  const kit = await startTogether(WHOLE, { env });
  try {
    const response = await fetch(`${kit.atlas.url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: '{"query":"{ apiKeyScopes { name } }"}' });
    const { data, extensions } = await response.json() as { data: object; extensions?: { queryPlan?: string } };
    expect(data).toMatchObject({ apiKeyScopes: expect.any(Array) });
    return extensions;
  } finally {
    await kit.stop();
  }
}

describe('the plan of a query', () => {
  it('comes with its answer to who asks for it', async () => {
    expect((await extensionsFrom({}, { 'atlas-query-plan': '1' }))?.queryPlan).toMatch(/^QueryPlan \{[^]*Fetch\(service: "tenants"\)[^]*apiKeyScopes[^]*\}$/);
  });
  it('does not come unasked', async () => expect((await extensionsFrom({}, {}))?.queryPlan).toBeUndefined());
  it('is nobody\'s where GraphiQL is off', async () => expect((await extensionsFrom({ GRAPHIQL: 'off' }, { 'atlas-query-plan': '1' }))?.queryPlan).toBeUndefined());
});
