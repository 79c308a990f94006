/**
 * `POST /webhooks/stripe`: what the provider of payments tells. The body goes on as it came, byte for byte, with its signature;
 * billing says whether it is one. An answer of 2xx is given only once it is kept there: until then the provider tells it again.
 */
import { AtlasError } from '../platform/errors.ts';
import { readBody, sendJson, type Route } from '../platform/serve.ts';
import type { Resources } from '../platform/service.ts';
import { systemViewer } from '../platform/viewer.ts';

/** Many times the largest event. */
const BYTES_MAX = 1_000_000;
const LATE_MS = 10_000;
const SIGNATURE_MAX = 2_000;
const KEEP = 'mutation ($payload: String!, $signature: String!) { receiveProviderSignal(payload: $payload, signature: $signature) { kept } }';

export const providerHooks = ({ ask }: Pick<Resources, 'ask'>): Route => async (request, response) => {
  if (request.method !== 'POST') {
    response.setHeader('allow', 'POST');
    throw new AtlasError('METHOD_NOT_ALLOWED', 'Webhooks are posted.');
  }
  const signature = request.headers['stripe-signature'];
  if (typeof signature !== 'string' || signature.length > SIGNATURE_MAX) throw new AtlasError('BAD_REQUEST', 'The signature is missing.');
  const payload = await readBody(request, BYTES_MAX, LATE_MS);
  const { receiveProviderSignal: received } = await ask('billing', { document: KEEP, variables: { payload, signature } }, systemViewer('gateway')) as { receiveProviderSignal: { kept: boolean | null } | null };
  if (!received?.kept) throw new AtlasError('INTERNAL', undefined, { cause: new Error('What the provider has told was not kept.') });
  sendJson(response, 200, { received: true });
};
