/**
 * The JSON Schema of one version of an event, for whoever reads it from Kafka or a webhook: the whole CloudEvent, with
 * what this version promises about its body. The body is closed, because a version says one thing for ever; around it
 * anything may be added, and who reads it leaves alone what it does not know.
 */
import type { EventType } from '../platform/event.ts';
import { exact, id, jsonSchemaOf, moment, type JsonSchema } from '../platform/event-shape.ts';

export type Contract = Pick<EventType<unknown>, 'type' | 'versions'>;

export const EVENTS = 'schema/events';
export const schemaFileOf = (type: string, version: number): string => `${EVENTS}/${type}.v${version}.schema.json`;
export const isSchemaFile = (name: string): boolean => name.endsWith('.schema.json');

const described = (description: string, schema: JsonSchema): JsonSchema => ({ ...schema, description });
const text = { type: 'string', minLength: 1 };

/** Of every event alike. */
const ATTRIBUTES: Readonly<Record<string, JsonSchema>> = {
  id: described('The same when the event is delivered again: who has handled it once is done.', jsonSchemaOf(id('evt'))),
  subject: described('What it happened to. What is about one subject arrives in the order it happened.', text),
  time: jsonSchemaOf(moment),
  datacontenttype: { const: 'application/json' },
  subjectversion: described('The version of the subject afterwards: grows with every change of it.', { type: 'integer', minimum: 1 }),
  tenantid: described('Missing when it belongs to no tenant.', jsonSchemaOf(id('tnt'))),
  actorkind: described('`anonymous`, `user`, `key`, `system` or `ai`; others may come.', text),
  actorid: described('Who did it: a user, an API key, `system:` and a service, or `anonymous`.', text),
  requestid: described('The request that did it, as its answer named it.', text),
  traceparent: described('The W3C trace that it is part of.', { type: 'string', pattern: '^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$' }),
};
const OPTIONAL = ['tenantid', 'requestid', 'traceparent'];

const AUDIT: JsonSchema = {
  type: 'object', description: 'What the audit trail keeps of it.', required: ['entityType', 'entityId'],
  properties: { entityType: text, entityId: text, before: described('What changed, as it was.', {}), after: described('What changed, as it is now.', {}) },
};
const USAGE: JsonSchema = {
  type: 'array', description: 'What it counts for in metering.',
  items: {
    type: 'object', required: ['metric', 'quantity'],
    properties: { metric: text, quantity: described('An exact decimal, below zero where something went away.', jsonSchemaOf(exact)), attributes: { type: 'object', additionalProperties: { type: 'string' } } },
  },
};

export function schemaOf(type: string, { version, body }: Contract['versions'][number]): JsonSchema {
  const properties = {
    specversion: { const: '1.0' }, type: { const: type }, source: { const: `/atlas/${type.split('.')[0]}` }, eventversion: { const: version }, ...ATTRIBUTES,
    data: { type: 'object', required: ['body'], properties: { body: jsonSchemaOf(body), audit: AUDIT, usage: USAGE } },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:atlas:event:${type}:v${version}`,
    $comment: 'Made by `npm run schema` from the contract in the code. Its meaning never changes: a new meaning is a new version.',
    title: `${type}, version ${version}`,
    type: 'object', required: Object.keys(properties).filter((name) => !OPTIONAL.includes(name)), properties,
  };
}

/** File → text, for every version that was ever told. */
export const schemaFiles = (contracts: readonly Contract[]): Map<string, string> => new Map(contracts.flatMap(({ type, versions }) =>
  versions.map((each): [string, string] => [schemaFileOf(type, each.version), `${JSON.stringify(schemaOf(type, each), null, 2)}\n`])));
