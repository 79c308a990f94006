import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, isId, type ApiKeyId, type Id, type TenantId, type UserId } from '../../../platform/ids.ts';
import { apiKeyCreated, apiKeyRevoked, apiKeyRotated, apiKeyUpdated, type ApiKeyFacts } from '../events.ts';
import { invalid, lineOf } from '../../../platform/text.ts';

export const KEY_NAME_MAX = 100;
const LIST_MAX = 100;
export const OVERLAP_SECONDS_DEFAULT = 24 * 3_600;
export const OVERLAP_SECONDS_MAX = 7 * 24 * 3_600;

/** The text of a key as it is kept: what can be looked up and shown, never the key. */
export interface KeyMark { hash: string; prefix: string }
/** What may be changed about a key; what is undefined stays. */
export interface KeyTerms {
  name?: string | null | undefined;
  scopes?: string[] | null | undefined;
  collectionIds?: string[] | null | undefined;
  allowedAddresses?: string[] | null | undefined;
  expiresAt?: Date | null | undefined;
  trustedDocumentsOnly?: boolean | null | undefined;
}

/** Dates are answered as ISO 8601 text, which has four digits for the year. */
const YEAR_MAX = 9998;

export class ApiKey extends Aggregate {
  readonly id: ApiKeyId;
  readonly tenantId: TenantId;
  readonly createdBy: UserId;
  readonly createdAt: Date;
  name: string;
  hash: string;
  prefix: string;
  /** The secret before the last rotation, which works a while longer. */
  formerHash: string | null;
  formerUntil: Date | null;
  scopes: string[];
  collectionIds: Id<'col'>[] | null;
  allowedAddresses: string[] | null;
  expiresAt: Date | null;
  /** Whether it gets an answer to nothing but documents that the gateway knows beforehand. */
  trustedDocumentsOnly: boolean;
  /** Written past the ORM, in batches: a use is not a change of the key. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;

  private constructor(given: { tenantId: TenantId; createdBy: UserId; mark: KeyMark }) {
    super();
    this.id = newId('key');
    this.tenantId = given.tenantId;
    this.createdBy = given.createdBy;
    this.createdAt = new Date();
    this.name = '';
    this.hash = given.mark.hash;
    this.prefix = given.mark.prefix;
    this.formerHash = null;
    this.formerUntil = null;
    this.scopes = [];
    this.collectionIds = null;
    this.allowedAddresses = null;
    this.expiresAt = null;
    this.trustedDocumentsOnly = false;
    this.lastUsedAt = null;
    this.revokedAt = null;
  }

  static create(given: { tenantId: TenantId; createdBy: UserId; mark: KeyMark; terms: KeyTerms }): ApiKey {
    const key = new ApiKey(given);
    key.settle({ ...given.terms, name: given.terms.name ?? '' });
    key.record(apiKeyCreated(key.facts(), { audit: key.audit(undefined, key.terms()) }));
    return key;
  }

  update(terms: KeyTerms): void {
    this.refuseDead();
    const before = this.terms();
    this.settle(terms);
    if (JSON.stringify(before) === JSON.stringify(this.terms())) return;
    this.record(apiKeyUpdated(this.facts(), { audit: this.audit(before, this.terms()) }));
  }

  rotate(mark: KeyMark, overlapSeconds: number): void {
    this.refuseDead();
    if (overlapSeconds < 0 || overlapSeconds > OVERLAP_SECONDS_MAX) throw invalid(`Between 0 and ${OVERLAP_SECONDS_MAX} seconds.`, 'overlapSeconds');
    const before = { prefix: this.prefix };
    this.formerHash = this.hash;
    this.formerUntil = new Date(Date.now() + overlapSeconds * 1_000);
    this.hash = mark.hash;
    this.prefix = mark.prefix;
    const formerUntil = this.formerUntil.toISOString();
    this.record(apiKeyRotated({ tenantId: this.tenantId, keyId: this.id, formerUntil }, { audit: this.audit(before, { prefix: this.prefix, formerUntil }) }));
  }

  revoke(): void {
    if (this.revokedAt) return;
    this.revokedAt = new Date();
    this.record(apiKeyRevoked({ tenantId: this.tenantId, keyId: this.id }, { audit: this.audit({ revokedAt: null }, { revokedAt: this.revokedAt.toISOString() }) }));
  }

  /** Whether this text of the key opens anything now. */
  admits(hash: string, now = Date.now()): boolean {
    if (this.revokedAt || (this.expiresAt && this.expiresAt.getTime() <= now)) return false;
    return hash === this.hash || (hash === this.formerHash && this.formerUntil !== null && this.formerUntil.getTime() > now);
  }

  private refuseDead(): void {
    if (this.revokedAt) throw invalid('This key was revoked: create another.', 'id');
  }

  /** When a credential that is admitted now no longer will be. */
  endsFor(hash: string): Date | null {
    return hash === this.hash || (this.expiresAt && this.formerUntil && this.expiresAt < this.formerUntil) ? this.expiresAt : this.formerUntil;
  }

  private settle({ name, scopes, collectionIds, allowedAddresses, expiresAt, trustedDocumentsOnly }: KeyTerms): void {
    if (name != null) this.name = lineOf(name, 'name', KEY_NAME_MAX);
    if (scopes != null) this.scopes = scopes;
    if (collectionIds !== undefined) this.collectionIds = listOf(collectionIds, 'collectionIds', (id): id is Id<'col'> => isId('col', id));
    if (allowedAddresses !== undefined) this.allowedAddresses = listOf(allowedAddresses, 'allowedAddresses', (_): _ is string => true);
    if (expiresAt && (expiresAt.getTime() <= Date.now() || expiresAt.getUTCFullYear() > YEAR_MAX)) throw invalid(`A time to come, up to the year ${YEAR_MAX}.`, 'expiresAt');
    if (expiresAt !== undefined) this.expiresAt = expiresAt;
    if (trustedDocumentsOnly !== undefined) this.trustedDocumentsOnly = trustedDocumentsOnly ?? false;
  }

  private terms() {
    const { name, prefix, scopes, collectionIds, allowedAddresses, expiresAt, trustedDocumentsOnly } = this;
    return { name, prefix, scopes, collectionIds, allowedAddresses, expiresAt: expiresAt?.toISOString() ?? null, trustedDocumentsOnly };
  }

  private facts(): ApiKeyFacts {
    const { prefix: _, ...terms } = this.terms();
    return { tenantId: this.tenantId, keyId: this.id, ...terms, createdBy: this.createdBy };
  }

  private audit(before: unknown, after: unknown) {
    return { entityType: 'ApiKey', entityId: this.id, before, after };
  }
}

/** An empty list would hold the key to nothing at all, which nobody means: no list is how all is said. */
function listOf<Entry extends string>(list: string[] | null, field: string, fits: (entry: string) => entry is Entry): Entry[] | null {
  if (list === null) return null;
  if (list.length < 1 || list.length > LIST_MAX) throw invalid(`Between 1 and ${LIST_MAX} entries, or null.`, field);
  const fitting = list.filter(fits);
  if (fitting.length < list.length) throw invalid('This is not such an id.', field, String(list.findIndex((entry) => !fits(entry))));
  return [...new Set(fitting)];
}
