/**
 * Wraps every resolver of a built subgraph: the policy's row is checked before a field is resolved, a mutation's
 * mendable errors become `userErrors`, and an idempotency key makes it happen once. One place, so no resolver can forget.
 */
import { defaultFieldResolver, isObjectType, type GraphQLFieldResolver, type GraphQLResolveInfo, type GraphQLSchema } from 'graphql';
import { AtlasError } from './errors.ts';
import type { Once } from './idempotency.ts';
import { ID_KINDS, nodePrefix } from './ids.ts';
import { check, isOpen, rulesByField, SHARED_POLICY, type Rule } from './policy.ts';
import { requestInfo } from './request.ts';
import type { Viewer } from './viewer.ts';

export type { Once } from './idempotency.ts';
/** Finds an entity by a key that another service names; null when there is none that the viewer may see. */
export type Reference<Context> = (reference: Record<string, string>, context: Context) => Promise<object | null>;

/** Types of the platform, which not every slice uses. */
const SHARED = new Set(rulesByField(SHARED_POLICY).keys());
/** `nodeId` is the id by another name. */
const idOf = (entity: { id: string }): string => entity.id;

interface Given<Context> { references: Record<string, Reference<Context>>; once: Once }
type Resolve<Context> = GraphQLFieldResolver<unknown, Context, Record<string, unknown>>;

export function guard<Context extends { viewer: Viewer }>(schema: GraphQLSchema, rules: ReadonlyMap<string, Rule>, given: Given<Context>): void {
  const used = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      // _entities: references check their own rights
      if (type.name === 'Query' && (field.name === '_entities' || field.name === '_service')) continue;
      const name = `${type.name}.${field.name}`;
      const rule = rules.get(name);
      if (!rule) throw new Error(`The policy has no row for ${name}: say in presentation/policy.ts who may see it.`);
      used.add(name);
      const resolve = (field.name === 'nodeId' ? idOf : field.resolve ?? defaultFieldResolver) as Resolve<Context>;
      if (type === schema.getSubscriptionType()) field.subscribe = asSubscription(field.subscribe as Resolve<Context> | undefined, name, rule) as typeof field.resolve;
      field.resolve = (type === schema.getMutationType() ? asMutation(resolve, rule, given) : asChecked(resolve, rule)) as typeof field.resolve;
    }
  }
  const stray = [...rules.keys()].find((name) => !used.has(name) && !SHARED.has(name));
  if (stray) throw new Error(`The policy has a row for ${stray}, which is not a field.`);
}

/** What everybody may see who got so far is not asked about for every field of every row. */
function asChecked<Context extends { viewer: Viewer }>(resolve: Resolve<Context>, rule: Rule): Resolve<Context> {
  if (isOpen(rule)) return resolve;
  return (parent, args, context, info) => {
    check(rule, context.viewer, parent);
    return resolve(parent, args, context, info);
  };
}

/** Who may not follow is told before anything is followed; `checked` tells it again at every event, for what may have changed since. */
function asSubscription<Context extends { viewer: Viewer }>(subscribe: Resolve<Context> | undefined, name: string, rule: Rule): Resolve<Context> {
  if (!subscribe) throw new Error(`${name} cannot be followed: its resolver says no topic or subscribe.`);
  return (parent, args, context, info) => {
    check(rule, context.viewer, parent);
    return subscribe(parent, args, context, info);
  };
}

function asMutation<Context extends { viewer: Viewer }>(resolve: Resolve<Context>, rule: Rule, given: Given<Context>): Resolve<Context> {
  return async (parent, args, context, info) => {
    // Before anything is looked up: who may no longer do it is not told what it did when they might.
    check(rule, context.viewer, parent);
    try {
      const payload = await once(() => Promise.resolve(resolve(parent, args, context, info)), args, context, info, given);
      return { userErrors: [], ...(payload as object) };
    } catch (error) {
      if (!(error instanceof AtlasError) || error.kind !== 'user') throw error;
      return { userErrors: [{ code: error.code, message: error.message, path: error.path ?? null }] };
    }
  };
}

function once<Context extends { viewer: Viewer }>(run: () => Promise<unknown>, args: Record<string, unknown>, context: Context, info: GraphQLResolveInfo, given: Given<Context>): Promise<unknown> {
  const request = requestInfo();
  if (!request?.idempotencyKey) return run();
  const { viewer } = context;
  return given.once({
    key: request.idempotencyKey,
    // A stranger has no name; the address keeps two strangers' keys apart.
    principal: viewer.kind === 'anonymous' ? `anonymous ${request.address ?? ''}` : viewer.id,
    tenantId: viewer.tenantId,
    field: String(info.path.key),
    // Another field under the same alias is another input.
    input: { field: info.fieldName, args },
    run,
    reload: (id) => {
      const prefix = nodePrefix(id);
      const type = prefix ? ID_KINDS[prefix].type : '';
      return given.references[type]?.({ id }, context) ?? Promise.resolve(null);
    },
  });
}
