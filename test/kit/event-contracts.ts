/** What was promised about events: the frozen samples and the committed schemas, and whether an event keeps to them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { Atlas } from '../../atlas.ts';
import { toCloudEvent } from '../../platform/cloud-event.ts';
import type { Envelope } from '../../platform/event.ts';
import { newId } from '../../platform/ids.ts';
import { handleOnce, type Consumer } from '../../platform/outbox/inbox.ts';
import type { Resources, Service, SubgraphName } from '../../platform/service.ts';
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
  void fits(told);
  const unnamed = Object.keys(told as object).filter((attribute) => !Object.hasOwn(schema.properties, attribute));
  return [...(fits.errors ?? []).map(({ instancePath, message }) => `${instancePath}: ${message}`), ...unnamed.map((attribute) => `/${attribute}: stands in no schema`)];
}

/** What a service hands to the bus when it starts; here the bus gets none of it. Belongs to an Atlas that was started without that service. */
export async function consumersOf({ host }: Atlas, name: SubgraphName): Promise<Consumer[]> {
  const consumers: Consumer[] = [];
  const { start } = (await import(`../../subgraphs/${name}/index.ts`)) as { start(resources: Resources): Promise<Service> };
  const resources = host.resourcesFor(name);
  host.add(await start({ ...resources, events: { ...resources.events, listen: (listed) => void consumers.push(...listed) } }));
  return consumers;
}

const wants = ({ types }: Consumer, { type }: Envelope): boolean => types.includes('*') || types.includes(type);

/** Samples are of many tenants, and no use of a tenant is counted before it is known. */
const founded = (): Envelope[] => {
  const told = sampleOf('tenants.tenant-recalled', 1);
  return [...new Set(SAMPLES.flatMap(({ tenant }) => tenant ?? []))].map((tenant) => ({ ...told, id: newId('evt'), tenant, subject: tenant, body: { ...told.body as object, tenantId: tenant } }));
};

/** Hands every frozen sample to every consumer that wants its type, as the bus would; one line for each that failed. */
export async function failuresOf(consumers: readonly Consumer[]): Promise<string[]> {
  const failures: string[] = [];
  for (const consumer of consumers.filter(({ types }) => types.includes('tenants.tenant-recalled'))) for (const event of founded()) await handleOnce(consumer, event);
  for (const consumer of consumers) {
    const wanted = SAMPLES.filter((sample) => wants(consumer, sample));
    if (wanted.length === 0) failures.push(`${consumer.name}: nobody has ever told what it wants`);
    for (const sample of wanted) {
      // An id of its own: versions of one event were frozen with one id, and the second would count as handled.
      const event = { ...structuredClone(sample), id: newId('evt') };
      await handleOnce(consumer, event).catch((error: unknown) => failures.push(`${consumer.name}: ${sample.type}.v${sample.version}: ${String(error)}`));
    }
  }
  return failures;
}
