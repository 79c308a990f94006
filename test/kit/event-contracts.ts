/** What was promised about events: the frozen samples and the committed schemas, and whether an event keeps to them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { toCloudEvent } from '../../platform/cloud-event.ts';
import type { Envelope } from '../../platform/event.ts';
import type { Consumer } from '../../platform/outbox/inbox.ts';
import { EVENTS, isSchemaFile, schemaFileOf } from '../../schema/event-schema.ts';
import { ROOT } from '../../schema/slices.ts';

const FOLDER = join(ROOT, EVENTS);
const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const names = readdirSync(FOLDER).sort();

export const SCHEMA_FILES: readonly string[] = names.filter(isSchemaFile);
/** One of every version that was ever told, as it stood in an outbox. */
export const SAMPLES: readonly Envelope[] = names.filter((name) => !isSchemaFile(name)).map((name) => read(join(FOLDER, name)) as Envelope);

export function sampleOf(type: string, version: number): Envelope {
  const found = SAMPLES.find((sample) => sample.type === type && sample.version === version);
  if (!found) throw new Error(`There is no frozen sample ${EVENTS}/${type}.v${version}.json: take one from what is really told.`);
  return found;
}

// Formats say to readers what patterns demand.
const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true, formats: { 'date-time': true } });

/** Where an event, as partners get it, does not keep to the committed schema of its version. */
export function misfitsOf(event: Envelope): string[] {
  const file = join(ROOT, schemaFileOf(event.type, event.version));
  if (!existsSync(file)) return [`There is no ${schemaFileOf(event.type, event.version)}: run npm run schema.`];
  const schema = read(file) as { $id: string; properties: object };
  const fits = ajv.getSchema(schema.$id) ?? ajv.compile(schema);
  const told: unknown = JSON.parse(JSON.stringify(toCloudEvent(event)));
  fits(told);
  const unnamed = Object.keys(told as object).filter((attribute) => !Object.hasOwn(schema.properties, attribute));
  return [...(fits.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`), ...unnamed.map((attribute) => `/${attribute}: stands in no schema`)];
}

const wants = ({ types }: Consumer, { type }: Envelope): boolean => types.includes('*') || types.includes(type);

/** Hands every frozen sample to every consumer that wants its type; one line for each that failed. */
export async function failuresOf(consumers: readonly Consumer[], samples = SAMPLES): Promise<string[]> {
  const failures: string[] = [];
  for (const consumer of consumers) {
    const wanted = samples.filter((sample) => wants(consumer, sample));
    if (wanted.length === 0) failures.push(`${consumer.name}: no sample of anything that it wants`);
    for (const sample of wanted) {
      await consumer.handle(structuredClone(sample)).catch((error: unknown) => failures.push(`${consumer.name}: ${sample.type} version ${sample.version}: ${String(error)}`));
    }
  }
  return failures;
}
