import { makeApiKey } from '../../../platform/api-key.ts';
import type { TenantId } from '../../../platform/ids.ts';
import type { Secret } from '../../../platform/secret.ts';
import { makeTenantToken, parseTenantToken } from '../../../platform/tenant-token.ts';
import type { Tokens } from '../domain/ports.ts';

const INVITATION = 'inv';

/** Keys are random. What must come out the same again is derived from the installation's secret, each under its own name. */
export class CryptoTokens implements Tokens {
  constructor(private readonly secret: Secret) {}
  newKey({ id, sandbox }: { id: TenantId; sandbox: boolean }) {
    return makeApiKey({ tenantId: id, sandbox });
  }
  demoKey({ id, sandbox }: { id: TenantId; sandbox: boolean }) {
    return makeApiKey({ tenantId: id, sandbox, bytes: this.derived('demo key', id) });
  }
  invitation(tenantId: TenantId, letterFor: string) {
    return makeTenantToken(INVITATION, tenantId, this.derived('invitation', letterFor));
  }
  readInvitation(token: string) {
    const parsed = parseTenantToken(token);
    return parsed?.kind === INVITATION ? parsed : null;
  }
  private derived(purpose: string, of: string): Uint8Array {
    return Buffer.from(this.secret.mark(purpose, of), 'base64url');
  }
}
