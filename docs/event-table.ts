/** What docs/events.md says about every event: its fields as the committed schemas have them, and one event as it travels. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toCloudEvent } from '../platform/cloud-event.ts';
import type { Envelope } from '../platform/event.ts';
import { exact, jsonSchemaOf } from '../platform/event-shape.ts';
import { EVENTS, isSchemaFile } from '../schema/event-schema.ts';
import { row, table } from './table.ts';

interface FieldSchema { type?: string | string[]; pattern?: string; format?: string; enum?: string[]; items?: FieldSchema; anyOf?: FieldSchema[]; additionalProperties?: FieldSchema }
interface EventSchema { properties: { type: { const: string }; eventversion: { const: number }; data: { properties: { body: { properties: Record<string, FieldSchema> } } } } }

const read = (root: string, name: string): unknown => JSON.parse(readFileSync(join(root, EVENTS, name), 'utf8'));

export function events(root: string): string {
  const rows = readdirSync(join(root, EVENTS)).filter(isSchemaFile).sort().map((name) => {
    const { type, eventversion, data } = (read(root, name) as EventSchema).properties;
    const sample = read(root, name.replace('.schema.json', '.json')) as Envelope;
    const fields = Object.entries(data.properties.body.properties).map(([field, schema]) => `\`${field}\` ${said(schema)}`);
    return row(`[\`${type.const}\`](../${EVENTS}/${name})`, eventversion.const, sample.audit?.entityType ?? '', fields.join('<br>'));
  });
  return table(['event', 'version', 'about', 'body'], rows);
}

const EXACT = jsonSchemaOf(exact).pattern;
const TYPES: Record<string, string> = { string: 'text', boolean: 'true or false', integer: 'whole number', null: 'null' };

function said({ type, pattern, format, enum: values, items, anyOf, additionalProperties }: FieldSchema): string {
  if (anyOf) return anyOf.map(said).join(' or ');
  if (Array.isArray(type)) return type.map((each) => said({ type: each })).join(' or ');
  if (values) return values.map((value) => `\`${value}\``).join(', ');
  if (items) return `list of ${said(items)}`;
  if (additionalProperties) return `${said(additionalProperties)} by name`;
  if (format === 'date-time') return 'moment';
  if (pattern === EXACT) return 'exact decimal';
  const prefix = /^\^(\w+)_/.exec(pattern ?? '')?.[1];
  return prefix ? `\`${prefix}_…\`` : TYPES[type ?? ''] ?? type ?? 'anything';
}

/** One of them, whole, as it stands in a topic or arrives at a webhook. */
export const anEvent = (root: string): string => `\`\`\`json\n${JSON.stringify(toCloudEvent(read(root, 'tenants.member-role-changed.v1.json') as Envelope), null, 2)}\n\`\`\``;
