import type { Viewer } from '../../../platform/viewer.ts';
import type { Work } from '../../../platform/work.ts';
import type { ApiKey } from '../domain/api-key.ts';
import type { Ports } from '../domain/ports.ts';
import { holdKey } from './hold-key.ts';

export type RevokeApiKey = ReturnType<typeof revokeApiKey>;

export const revokeApiKey = (given: { work: Work<Ports> }) => (viewer: Viewer, input: { id: string }): Promise<{ apiKey: ApiKey }> =>
  given.work(viewer, async (ports) => {
    const { key } = await holdKey(viewer, input.id, ports);
    key.revoke();
    return { apiKey: key };
  });
