import { expect, it } from '@jest/globals';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startServices } from '../test/kit/services.ts';

it('asks its neighbours how they are, but not for theirs, and none at all when a neighbour asks', async () => {
  const asked: string[] = [];
  const neighbour = createServer((request, response) => { asked.push(request.url!); response.end('{}'); });
  await new Promise<void>((resolve) => { neighbour.listen(0, '127.0.0.1', resolve); });
  const at = `http://127.0.0.1:${(neighbour.address() as AddressInfo).port}/graphql`;
  const kit = await startServices(['users'], { env: { TENANTS_URL: at, COLLECTIONS_URL: at } });
  try {
    const ready = async (question: string) => (await fetch(new URL(question, kit.atlas.listening.users))).json() as Promise<{ ready: boolean; detail: object }>;
    expect(await ready('/ready')).toMatchObject({ ready: true, detail: { users: 'ready', tenants: 'ready', collections: 'ready' } });
    expect(asked).toEqual(['/ready?alone', '/ready?alone']); // who answers that by asking on would be asked by those again
    expect((await ready('/ready?alone')).detail).not.toHaveProperty('tenants');
    expect(asked).toHaveLength(2);
  } finally {
    await kit.stop();
    await new Promise((resolve) => neighbour.close(resolve));
  }
});
