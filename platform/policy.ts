/**
 * Who may do what. Each subgraph holds one table (`presentation/policy.ts`) with a row for every field it publishes; a
 * field without a row stops the build of the graph. The same rows are enforced here, printed into docs/policy.md and
 * tried out, field by field and principal by principal, by test/policy.test.ts.
 */
import { AtlasError } from './errors.ts';
import type { ServiceName } from './names.ts';
import { reaches, type TenantRole, type Viewer } from './viewer.ts';

export type Rule =
  /** Everybody, signed in or not. */
  | { who: 'anyone' }
  /** Whoever holds the object it is a field of: the object's own way in has been checked. */
  | { who: 'holder' }
  /** A person who signed in; never a key. */
  | { who: 'person' }
  /** A person or a key. */
  | { who: 'caller' }
  /** In the tenant that the caller acts in: a person of at least this role, or a key with this scope (null: no key ever). */
  | { who: 'member'; role: TenantRole; scope: string | null }
  /** The same in the tenant whose field it is: a person may belong to several and list them all. */
  | { who: 'memberHere'; role: TenantRole; scope: string | null }
  /** Other services in their own name; nobody outside ever. */
  | { who: 'service'; names: readonly ServiceName[] };

export const anyone: Rule = { who: 'anyone' };
export const holder: Rule = { who: 'holder' };
export const person: Rule = { who: 'person' };
export const caller: Rule = { who: 'caller' };
export const member = (role: TenantRole, scope: string | null): Rule => ({ who: 'member', role, scope });
export const memberHere = (role: TenantRole, scope: string | null): Rule => ({ who: 'memberHere', role, scope });
export const service = (...names: ServiceName[]): Rule => ({ who: 'service', names });

/** Type → fields (several may share a row, parted by blanks) → rule. */
export type PolicyTable = Record<string, Record<string, Rule>>;

/** What every slice shares is not said again in every policy, and not every slice uses all of it. */
export const SHARED_POLICY: PolicyTable = {
  UserError: { 'code message path': holder },
  Money: { 'amount currency': holder },
  PageInfo: { 'hasNextPage hasPreviousPage startCursor endCursor': holder },
  _Service: { sdl: holder },
};

/** One row a field, as `Type.field`. */
export function rulesByField(table: PolicyTable): Map<string, Rule> {
  const rules = new Map<string, Rule>();
  for (const [type, rows] of Object.entries(table)) {
    for (const [fields, rule] of Object.entries(rows)) {
      for (const field of fields.split(/\s+/)) {
        if (rules.has(`${type}.${field}`)) throw new Error(`The policy has two rows for ${type}.${field}.`);
        rules.set(`${type}.${field}`, rule);
      }
    }
  }
  return rules;
}

/** What a tenant's field knows of its caller: the tenant it is of, and the caller's role in it. */
export interface Here { id: string; viewerRole: TenantRole | null }

/** A rule that refuses nobody: whoever gets to the field may have it. */
export const isOpen = ({ who }: Rule): boolean => who === 'anyone' || who === 'holder';

/** Returns when the viewer may; throws what is missing when not. */
export function check(rule: Rule, viewer: Viewer, parent: unknown): void {
  switch (rule.who) {
    case 'anyone':
    case 'holder':
      return;
    case 'person':
      if (viewer.kind !== 'user') throw refuse(viewer, 'a signed-in person');
      return;
    case 'caller':
      if (viewer.kind !== 'user' && viewer.kind !== 'key') throw refuse(viewer, 'a signed-in person or a key');
      return;
    case 'member':
      return checkMember(rule, viewer, viewer.tenantId, viewer.role);
    case 'memberHere': {
      const here = parent as Here;
      return checkMember(rule, viewer, here.id, viewer.kind === 'key' && viewer.tenantId !== here.id ? null : here.viewerRole);
    }
    case 'service':
      if (viewer.kind !== 'system' || !rule.names.some((name) => viewer.id === `system:${name}`)) throw refuse(viewer, 'a service of Atlas');
  }
}

function checkMember(rule: { role: TenantRole; scope: string | null }, viewer: Viewer, tenantId: string | null, role: TenantRole | null): void {
  if (viewer.kind === 'key') {
    if (rule.scope === null) throw refuse(viewer, 'a signed-in person');
    if (viewer.tenantId !== tenantId || !viewer.scopes.includes(rule.scope)) throw refuse(viewer, `scope ${rule.scope}`);
    return;
  }
  if (viewer.kind !== 'user') throw refuse(viewer, `role ${rule.role}`);
  if (tenantId === null) throw new AtlasError('TENANT_REQUIRED');
  if (!reaches(role, rule.role)) throw refuse(viewer, `role ${rule.role}`);
}

function refuse(viewer: Viewer, missing: string): AtlasError {
  if (viewer.kind === 'anonymous') return new AtlasError('UNAUTHENTICATED', undefined, { missing });
  return new AtlasError('FORBIDDEN', `This needs ${missing}.`, { missing });
}

/** A rule as a sentence of docs/policy.md. */
export function sentence(rule: Rule): string {
  switch (rule.who) {
    case 'anyone': return 'anyone';
    case 'holder': return 'whoever may see the object';
    case 'person': return 'a signed-in person';
    case 'caller': return 'a signed-in person or a key';
    case 'member': return `${rule.role} or above${rule.scope ? `, or a key with \`${rule.scope}\`` : '; no key'}`;
    case 'memberHere': return `${rule.role} or above of that tenant${rule.scope ? `, or its key with \`${rule.scope}\`` : '; no key'}`;
    case 'service': return `the ${rule.names.join(' and the ')} service; not in the public graph`;
  }
}
