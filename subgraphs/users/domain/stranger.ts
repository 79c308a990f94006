/**
 * Somebody who typed an e-mail that no account has. A stranger keeps no row and still is told about: for the audit
 * trail, and because a known e-mail must not be recognisable by the commit that only it would need.
 */
import { Aggregate } from '../../../platform/aggregate.ts';
import { newId } from '../../../platform/ids.ts';
import { passwordResetRequested, signInFailed } from '../events.ts';

export class Stranger extends Aggregate {
  readonly id: string;

  constructor(readonly address: string | null) {
    super();
    this.id = newId('req');
    this.version = 1;
  }

  failToSignIn(): void {
    this.record(signInFailed({ userId: null, address: this.address }, this.audit()));
  }

  askForPasswordReset(): void {
    this.record(passwordResetRequested({ userId: null, address: this.address }, this.audit()));
  }

  private audit() {
    return { audit: { entityType: 'Stranger', entityId: this.id, after: { address: this.address } } };
  }
}
