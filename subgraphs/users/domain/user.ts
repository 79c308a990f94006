/** A person with an account. Persons belong to no tenant: what they may do is said by their memberships, elsewhere. */
import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, type UserId } from '../../../platform/ids.ts';
import { emailVerified, passwordChanged, passwordResetRequested, profileUpdated, signInFailed, userRegistered } from '../events.ts';

export class User extends Aggregate {
  readonly id!: UserId;
  readonly email!: string;
  name!: string;
  passwordHash!: string;
  emailVerifiedAt!: Date | null;
  readonly createdAt!: Date;

  private constructor(given: Pick<User, 'id' | 'email' | 'name' | 'passwordHash' | 'emailVerifiedAt' | 'createdAt'>) {
    super();
    Object.assign(this, given);
  }

  /** `email` and `name` have been through profile.ts. */
  static register(given: { email: string; name: string; passwordHash: string; now: Date }): User {
    const { email, name, passwordHash, now } = given;
    const user = new User({ id: newId('usr'), email, name, passwordHash, emailVerifiedAt: null, createdAt: now });
    user.record(userRegistered({ userId: user.id, email, name }, user.audit(undefined, { email, name })));
    return user;
  }

  get emailVerified(): boolean {
    return this.emailVerifiedAt !== null;
  }

  verifyEmail(now: Date): void {
    if (this.emailVerifiedAt) return;
    this.emailVerifiedAt = now;
    this.record(emailVerified({ userId: this.id, email: this.email }, this.audit({ emailVerified: false }, { emailVerified: true })));
  }

  rename(name: string): void {
    if (name === this.name) return;
    const before = { name: this.name };
    this.name = name;
    this.record(profileUpdated({ userId: this.id, name }, this.audit(before, { name })));
  }

  changePassword(passwordHash: string, how: 'changed' | 'reset'): void {
    this.passwordHash = passwordHash;
    this.record(passwordChanged({ userId: this.id, how }, this.audit(undefined, { how })));
  }

  askForPasswordReset(address: string | null): void {
    this.record(passwordResetRequested({ userId: this.id, address }, this.audit(undefined, { address })));
  }

  failToSignIn(address: string | null): void {
    this.record(signInFailed({ userId: this.id, address }, this.audit(undefined, { address })));
  }

  private audit(before: unknown, after: unknown) {
    return { audit: { entityType: 'User', entityId: this.id, ...(before !== undefined && { before }), after } };
  }
}

/** Every account. E-mails are unique over all of them. */
export interface Users {
  byIds(ids: readonly UserId[]): Promise<User[]>;
  withEmail(email: string): Promise<User | null>;
  /** Holds the row to the end of the work: `share` while a session begins, `change` while a password does, so that no session outlives the change. */
  held(id: UserId, how: 'share' | 'change'): Promise<User | null>;
  add(user: User): void;
}
