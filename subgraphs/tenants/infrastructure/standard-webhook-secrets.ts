import { randomBytes } from 'node:crypto';
import { Webhook as Signer } from 'standardwebhooks';
import type { TenantId } from '../../../platform/ids.ts';
import type { Secret } from '../../../platform/secret.ts';
import type { WebhookSecrets } from '../domain/webhook-ports.ts';

const BYTES = 32;

/** Secrets and signatures as Standard Webhooks has them. A secret is sealed for its tenant: in another's row it opens nothing. */
export class StandardWebhookSecrets implements WebhookSecrets {
  constructor(private readonly secret: Secret) {}
  fresh(tenantId: TenantId) {
    const text = `whsec_${randomBytes(BYTES).toString('base64')}`;
    return { text, sealed: this.secret.seal(purposeOf(tenantId), text) };
  }
  headers({ tenantId, eventId, payload, sealed }: { tenantId: TenantId; eventId: string; payload: string; sealed: readonly string[] }) {
    const now = new Date();
    const signatures = sealed.map((each) => {
      const text = this.secret.open(purposeOf(tenantId), each);
      if (text === null) throw new Error('The secret of a webhook could not be opened: was ATLAS_SECRET changed?');
      return new Signer(text).sign(eventId, now, payload);
    });
    return { 'webhook-id': eventId, 'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)), 'webhook-signature': signatures.join(' ') };
  }
}

const purposeOf = (tenantId: TenantId): string => `webhook secret ${tenantId}`;
