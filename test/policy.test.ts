/**
 * Who may do what: every field of every slice, tried by every kind of caller. What is expected is read from the sentence
 * that docs/policy.md prints, by rules of this file's own, so a mistake in the policy's code does not excuse itself.
 */
import { describe, expect, it } from '@jest/globals';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { readFileSync } from 'node:fs';
import { isObjectType, Kind, parse, print, type DirectiveNode, type GraphQLObjectType, type GraphQLSchema } from 'graphql';
import { liftPolicy } from '../gateway/policy/lift.ts';
import { refusals } from '../gateway/policy/scopes.ts';
import { AtlasError } from '../platform/errors.ts';
import { guard } from '../platform/graph-guard.ts';
import { printSlice, type Slice } from '../platform/graph.ts';
import { newId } from '../platform/ids.ts';
import { check, holder, rulesByField, sentence, SHARED_POLICY, type Rule } from '../platform/policy.ts';
import { directivesOf } from '../platform/policy-directives.ts';
import { SUBGRAPHS, type SubgraphName } from '../platform/service.ts';
import { anonymous, keyViewer, systemViewer, userViewer, type TenantRole, type Viewer } from '../platform/viewer.ts';

const SLICES: Record<SubgraphName, () => Promise<{ slice: Slice }>> = {
  users: () => import('../subgraphs/users/index.ts'),
  tenants: () => import('../subgraphs/tenants/index.ts'),
  billing: () => import('../subgraphs/billing/index.ts'),
  collections: () => import('../subgraphs/collections/index.ts'),
  search: () => import('../subgraphs/search/index.ts'),
  ai: () => import('../subgraphs/ai/index.ts'),
};
const SCOPES = ['tenants:read', 'tenants:admin', 'audit:read', 'collections:read', 'collections:write', 'items:write', 'search:read', 'ai:ask', 'billing:read', 'usage:write'];
const ROLES: readonly TenantRole[] = ['GUEST', 'MEMBER', 'ADMIN', 'OWNER'];

const tenantId = newId('tnt');
const person = (role: TenantRole | null): Viewer => userViewer({ userId: newId('usr'), sessionId: newId('ses'), tenantId: role && tenantId, role });
const key = (scopes: string[], tenant = tenantId): Viewer => keyViewer({ keyId: newId('key'), tenantId: tenant, scopes, collectionIds: null, sandbox: false });

/** `role` and `scopes` say in plain words what the caller has; `here` whether it is in the tenant that is looked at. */
interface Caller { viewer: Viewer; kind: 'stranger' | 'person' | 'key' | 'service'; role?: TenantRole; scopes?: string[]; service?: string; here: boolean }
const CALLERS: Record<string, Caller> = {
  'a stranger': { viewer: anonymous, kind: 'stranger', here: false },
  'a person without a tenant': { viewer: person(null), kind: 'person', here: false },
  ...Object.fromEntries(ROLES.map((role): [string, Caller] => [`a person who is ${role}`, { viewer: person(role), kind: 'person', role, here: true }])),
  'a key without scopes': { viewer: key([]), kind: 'key', scopes: [], here: true },
  'a key with every scope': { viewer: key(SCOPES), kind: 'key', scopes: SCOPES, here: true },
  ...Object.fromEntries(SCOPES.map((scope): [string, Caller] => [`a key with ${scope}`, { viewer: key([scope]), kind: 'key', scopes: [scope], here: true }])),
  "another tenant's key": { viewer: key(SCOPES, newId('tnt')), kind: 'key', scopes: SCOPES, here: false },
  'the gateway': { viewer: systemViewer('gateway'), kind: 'service', service: 'gateway', here: false },
  'another service': { viewer: systemViewer('tenants', tenantId), kind: 'service', service: 'tenants', here: false },
};

function mayBySentence(said: string, caller: Caller): boolean {
  if (said === 'anyone' || said === 'whoever may see the object') return true;
  if (said === 'a signed-in person') return caller.kind === 'person';
  if (said === 'a signed-in person or a key') return caller.kind === 'person' || caller.kind === 'key';
  const service = /^the (.+) service; not in the public graph$/.exec(said);
  if (service) return caller.kind === 'service' && service[1]!.split(' and the ').includes(caller.service!);
  const member = /^(GUEST|MEMBER|ADMIN|OWNER) or above( of that tenant)?(?:, or (?:a|its) key with `(.+)`|; no key)$/.exec(said);
  if (!member) throw new Error(`This test does not understand "${said}".`);
  const [, role, here, scope] = member;
  if (caller.kind === 'person') return caller.here && ROLES.indexOf(caller.role!) >= ROLES.indexOf(role as TenantRole);
  return caller.kind === 'key' && scope !== undefined && caller.scopes!.includes(scope) && (here === undefined || caller.here);
}

/** The slice as it is served, but for what its resolvers do. */
function guarded(slice: Slice): GraphQLSchema {
  const schema = buildSubgraphSchema([{ typeDefs: parse(printSlice(slice)) }]);
  for (const type of objectTypes(schema)) for (const field of Object.values(type.getFields())) if (!field.name.startsWith('_')) field.subscribe = field.resolve = () => ({ reached: true });
  guard(schema, rulesByField({ ...slice.policy, ...SHARED_POLICY }), { references: {}, once: ({ run }) => run() });
  return schema;
}
const objectTypes = (schema: GraphQLSchema): GraphQLObjectType[] => Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => isObjectType(type) && !type.name.startsWith('_'));

async function mayReally(type: GraphQLObjectType, field: string, caller: Caller): Promise<boolean> {
  const parent = { id: tenantId, viewerRole: caller.viewer.role };
  try {
    await type.getFields()[field]!.resolve!(parent, {}, { viewer: caller.viewer }, { path: { key: field } } as never);
    return true;
  } catch (error) {
    if (error instanceof AtlasError && ['FORBIDDEN', 'UNAUTHENTICATED', 'TENANT_REQUIRED'].includes(error.code)) return false;
    throw error;
  }
}

/** What the edge decides, by the supergraph that is committed. */
const { requirements } = liftPolicy(readFileSync(new URL('../schema/supergraph.graphql', import.meta.url), 'utf8'));
const refusedAtEdge = (path: string, { viewer }: Caller): AtlasError | undefined => refusals([path], viewer, requirements).get(path);

/** What a service says to whom it refuses; null when it does not. */
function saidByService(rule: Rule, { viewer }: Caller): { code: string; missing: string | undefined } | null {
  try {
    check(rule, viewer, { id: tenantId, viewerRole: viewer.role });
    return null;
  } catch (error) {
    const { code, missing } = error as AtlasError;
    return { code, missing };
  }
}
/** Rows whose answer stands in the object that the field is of: the edge holds keys to their scopes and leaves people to the service. */
const standsInTheObject = (rule: Rule, caller: Caller): boolean => rule.who === 'memberHere' && (caller.kind === 'person' || !caller.here);

describe.each(SUBGRAPHS)('the policy of %s', (name) => {
  it('is decided alike by both walls: the edge by its directives, the service by its table', async () => {
    const { slice } = await SLICES[name]();
    const differences: string[] = [];
    let refused = 0;
    for (const [path, rule] of rulesByField(slice.policy)) {
      // No plan of the gateway reaches what only services see.
      if (rule.who === 'service') continue;
      for (const [who, caller] of Object.entries(CALLERS).filter(([, { kind }]) => kind !== 'service')) {
        const [edge, said] = [refusedAtEdge(path, caller), saidByService(rule, caller)];
        if (edge) refused += 1;
        if (edge && !said) differences.push(`${path}: the edge refuses ${who}, and the service would not`);
        if (standsInTheObject(rule, caller)) continue;
        if (said && !edge) differences.push(`${path}: the edge lets ${who} pass, and the service refuses`);
        if (said && edge && (said.code !== edge.code || said.missing !== edge.missing)) differences.push(`${path}: ${who} is told ${edge.code} ${edge.missing} here, ${said.code} ${said.missing} there`);
      }
    }
    expect(differences).toEqual([]);
    expect(refused).toBeGreaterThan(50);
  });

  it('stands in the schema as directives, on fields alone, and nowhere without a row', async () => {
    const { slice } = await SLICES[name]();
    const rules = rulesByField({ ...slice.policy, ...SHARED_POLICY });
    const AUTH = new Set(['authenticated', 'requiresScopes', 'policy']);
    const differences: string[] = [];
    let closed = 0;
    for (const node of parse(printSlice(slice)).definitions) {
      if (!('name' in node) || !node.name) continue;
      const auth = (directives: readonly DirectiveNode[] | undefined) => (directives ?? []).filter((directive) => AUTH.has(directive.name.value)).map((directive) => print(directive));
      if ('directives' in node && auth(node.directives).length > 0) differences.push(`${node.name.value} carries a directive itself`);
      if (!('fields' in node)) continue;
      for (const field of node.fields ?? []) {
        const path = `${node.name.value}.${field.name.value}`;
        const rule = node.kind === Kind.OBJECT_TYPE_DEFINITION ? rules.get(path) : undefined;
        const [printed, meant] = [auth(field.directives), rule ? directivesOf(rule) : []];
        if (JSON.stringify(printed) !== JSON.stringify(meant)) differences.push(`${path}: ${printed.join(' ')} instead of ${meant.join(' ')}`);
        if (rule?.who === 'service' && !field.directives?.some((directive) => directive.name.value === 'inaccessible')) differences.push(`${path} is for services and can be asked for by anybody`);
        closed += printed.length;
      }
    }
    expect(differences).toEqual([]);
    expect(closed).toBeGreaterThan(5);
  });

  it('is what docs/policy.md says, for every field and every kind of caller', async () => {
    const { slice } = await SLICES[name]();
    const schema = guarded(slice);
    const rules = rulesByField(slice.policy);
    const differences: string[] = [];
    let tried = 0;
    for (const [path, rule] of rules) {
      const [typeName, field] = path.split('.') as [string, string];
      for (const [who, caller] of Object.entries(CALLERS)) {
        tried += 1;
        const [expected, actual] = [mayBySentence(sentence(rule), caller), await mayReally(schema.getType(typeName) as GraphQLObjectType, field, caller)];
        if (expected !== actual) differences.push(`${path}: ${who} ${expected ? 'should be let in' : 'should be refused'}`);
      }
    }
    expect(differences).toEqual([]);
    expect(tried).toBeGreaterThan(400);
  });

  it('has a row for every field: one without stops the build, and so does a row without a field', async () => {
    const { slice } = await SLICES[name]();
    const without = { ...slice, policy: { ...slice.policy, Query: {} } };
    expect(() => guarded(without)).toThrow(/The policy has no row for Query\./);
    expect(() => guarded({ ...slice, policy: { ...slice.policy, Nothing: { here: holder } } })).toThrow('which is not a field');
  });
});
