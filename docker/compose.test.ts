/** There may be no Docker where the tests run, so what can be known by reading is: the format, our promises, and that what is named exists. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { readSettings } from '../platform/config.ts';
import { readStarts } from '../platform/parts.ts';
import { MAY_ASK, SUBGRAPHS, type ServiceName } from '../platform/service.ts';
import { EXTRACT_LIMITS } from '../subgraphs/collections/infrastructure/extract/process-text-extractor.ts';
import { metrics } from '../platform/telemetry/metrics.ts';
import { complaints, filledIn, variablesOf, type Compose, type Container } from './rules.ts';

const here = import.meta.dirname;
const root = join(here, '..');
const read = (...path: string[]) => readFileSync(join(here, ...path), 'utf8');
const yaml = (...path: string[]) => parse(read(...path), { merge: true });

const compose = yaml('compose.yaml') as Compose;
const engines = yaml('engines.yaml') as Compose;
const all: Compose = { services: { ...compose.services, ...engines.services } };
const NAMES: readonly ServiceName[] = [...SUBGRAPHS, 'gateway'];
const atlas = NAMES.map((name): [ServiceName, Container] => [name, compose.services[name]!]);

describe('the compose file', () => {
  const valid = new Ajv2020({ strict: false, validateFormats: false }).compile(JSON.parse(read('schema', 'compose-spec.json')));

  it.each(['compose.yaml', 'engines.yaml', 'scale.yaml'])('%s keeps to the Compose Specification', (file) => {
    expect([valid(yaml(file)), valid.errors]).toEqual([true, null]);
  });

  it('would not be called valid with a word that the specification does not know', () => {
    expect(valid({ services: { gateway: { image: 'atlas', memory: '1g' } } })).toBe(false);
  });

  it('keeps every promise', () => {
    expect(complaints(all)).toEqual([]);
  });

  it.each([
    ['root', { user: '0:0' }], ['a user by name', { user: 'node' }], ['no user', { user: undefined }],
    ['privileged', { privileged: true }], ['a capability', { cap_add: ['NET_ADMIN'] }], ['a writable root', { read_only: false }], ["the host's network", { network_mode: 'host' }],
    ['no end to its memory', { mem_limit: undefined }], ['a floating tag', { image: 'redis:latest' }], ['a tag with a major only', { image: 'postgres:18' }], ['no tag', { image: 'redis' }],
    ['a port', { ports: ['5432:5432'] }], ['no health check', { healthcheck: undefined }], ['all secrets', { env_file: '.env' }],
    ['a secret in the file', { environment: { ATLAS_SECRET: 'hunter2' } }], ['a default secret', { environment: { ATLAS_SECRET: '${ATLAS_SECRET:-hunter2}' } }],
    ["the engine's socket", { volumes: ['/var/run/docker.sock:/var/run/docker.sock'] }], ['a setting that there is not', { environment: { DATABSE_URL: 'x' } }],
  ] as [string, Partial<Container>][])('would complain about %s', (_, breach) => {
    expect(complaints({ services: { users: { ...compose.services.users!, ...breach } } })).toHaveLength(1);
  });

  it('runs every service in a process of its own', () => {
    expect(atlas.map(([name, container]) => [name, container?.command])).toEqual(NAMES.map((name) => [name, [name]]));
    expect(Object.values(all.services).filter(({ image }) => image.startsWith('atlas:'))).toHaveLength(NAMES.length);
  });

  it('can be parted, each service into what answers, what handles events and, where it has any, what runs its jobs', () => {
    const { services } = yaml('scale.yaml') as { services: Record<string, { command: string[]; extends?: { file: string; service: string } }> };
    const parted = Object.entries(services).map(([name, { command, extends: of }]) => [name, of?.service ?? name, of?.file ?? 'compose.yaml', ...readStarts(command).parts]);
    const hasJobs = (name: string) => existsSync(join(root, 'subgraphs', name, 'index.jobs.ts'));
    expect(parted).toEqual(SUBGRAPHS.flatMap((name) => [
      [name, name, 'compose.yaml', [name, 'api']], [`${name}-consumers`, name, 'compose.yaml', [name, 'consumers']], ...(hasJobs(name) ? [[`${name}-jobs`, name, 'compose.yaml', [name, 'jobs']]] : []),
    ]));
    expect(parted.map(([name]) => name)).toContain('collections-jobs');
  });

  it.each(atlas)('gives %s what it needs to start', (name, { environment }) => {
    const settings = readSettings(Object.fromEntries(Object.entries(environment!).map(([key, value]) => [key, filledIn(value).replace(/\$\{\w+:\?[^}]*\}/g, 'x'.repeat(32))])));
    expect(settings.production).toBe(true);
    expect(Object.keys(settings.urls).sort()).toEqual([...MAY_ASK[name]].sort());
    for (const asked of MAY_ASK[name]) {
      const port = compose.services[asked]!.environment![`${asked.toUpperCase()}_PORT`];
      expect(settings.urls[asked]).toBe(`http://${asked}:${port}/graphql`);
    }
  });

  it.each(atlas)('%s logs in to the database as itself, and waits for it', (name, { environment, depends_on }) => {
    expect(environment!.DATABASE_URL).toBe(`postgres://atlas_${name}_login:\${ATLAS_${name.toUpperCase()}_PASSWORD:?}@postgres:5432/atlas`);
    expect(depends_on!.postgres!.condition).toBe('service_healthy');
    expect(compose.services.postgres!.environment).toHaveProperty(`ATLAS_${name.toUpperCase()}_PASSWORD`);
  });

  it('shows the gateway and whoever writes files the same ones, at the address that clients know', () => {
    const [gateway, collections] = [compose.services.gateway!, compose.services.collections!];
    const filesOf = ({ volumes, environment }: Container) => [volumes!.filter((volume) => volume.endsWith(':/data')), Object.entries(environment!).filter(([name]) => /^(ATLAS_DATA|ATLAS_SECRET|S3_.*)$/.test(name)).sort()];
    expect(filesOf(collections)).toEqual(filesOf(gateway));
    expect(filesOf(gateway)).toEqual([['objects:/data'], expect.arrayContaining([['ATLAS_DATA', '/data'], ['S3_ENDPOINT', '${S3_ENDPOINT:-}']])]);
    expect(collections.environment!.OBJECTS_URL).toBe(gateway.environment!.PUBLIC_URL);
    const { services } = yaml('scale.yaml') as { services: Record<string, Partial<Container>> };
    for (const [name, container] of Object.entries(services)) expect([name, container.volumes, container.environment]).toEqual([name, undefined, undefined]);
  });

  it('leaves room for the largest archive and the dearest text', () => {
    const { mem_limit, volumes, tmpfs } = compose.services.collections! as Container & { tmpfs: string[] };
    expect(Number(mem_limit!.slice(0, -1))).toBeGreaterThanOrEqual(512 + EXTRACT_LIMITS.memoryBytesMax / 1_048_576);
    expect([tmpfs, volumes]).toEqual([[], expect.arrayContaining(['scratch:/tmp'])]);
  });

  it('has engines of search for whoever asks for them: the versions that the suites are run on', () => {
    expect(Object.entries(engines.services).map(([name, { profiles }]) => [name, profiles])).toEqual(['meilisearch', 'qdrant'].map((name) => [name, ['engines']]));
    const ci = readFileSync(join(root, '.github', 'workflows', 'ci.yml'), 'utf8');
    for (const { image } of Object.values(engines.services)) expect(ci).toContain(image.replace('-unprivileged', ''));
    for (const [name, port] of [['MEILI', 'meilisearch:7700'], ['QDRANT', 'qdrant:6333']]) expect(read('.env.example')).toContain(`# ${name}_URL=http://${port}`);
  });

  it('has a Kafka for whoever asks for it: the version that the suites are run on', () => {
    const { profiles, image, environment } = compose.services.kafka!;
    expect([profiles, image]).toEqual([['kafka'], `apache/kafka:${/<kafka.version>(.*)</.exec(read('kafka', 'pom.xml'))![1]}`]);
    expect(environment!.KAFKA_ADVERTISED_LISTENERS).toBe('PLAINTEXT://kafka:9092');
    expect(read('.env.example')).toContain('# KAFKA_BROKERS=kafka:9092');
  });

  it('has an S3 for whoever asks for it: the version that the suites are run on, over a bucket that is there', () => {
    const { profiles, image, user } = compose.services.s3!;
    const dockerfile = read('s3', 'Dockerfile');
    expect([profiles, image]).toEqual([['s3'], `atlas-s3:${/versitygw@v([\d.]+)/.exec(dockerfile)![1]}`]);
    expect(dockerfile).toContain(`\nUSER ${user}\n`);
    const [id, bucket] = ['S3_ACCESS_KEY_ID', 'S3_BUCKET'].map((name) => new RegExp(`^# ${name}=(.*)$`, 'm').exec(read('.env.example'))![1]!);
    expect([id, dockerfile.includes(`/data/kept/${bucket} `)]).toEqual(['atlas', true]);
    expect(read('.env.example')).toContain('# S3_ENDPOINT=http://s3:7070');
    expect(readSettings({ S3_ENDPOINT: 'http://s3:7070', S3_BUCKET: bucket, S3_ACCESS_KEY_ID: id, S3_SECRET_ACCESS_KEY: 'x' }).S3_PATH_STYLE).toBe(true);
  });

  it('mounts only files that are there', () => {
    const mounted = Object.values(all.services).flatMap(({ volumes }) => volumes ?? []).filter((volume) => volume.startsWith('./')).map((volume) => volume.split(':')[0]!);
    expect(mounted.filter((path) => !existsSync(join(here, path)))).toEqual([]);
    expect(mounted.length).toBeGreaterThan(0);
  });
});

describe('the secrets', () => {
  const example = read('.env.example');

  it('are all named in the example, and none has a value there', () => {
    const text = read('compose.yaml') + read('engines.yaml');
    const named = [...example.matchAll(/^(?:# )?([A-Z0-9_]+)=(.*)$/gm)];
    expect(named.map(([, name]) => name).sort()).toEqual(variablesOf(text.replace(/\$\$\w+/g, '')).sort());
    const needed = [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name!))];
    expect(example.split('\n').filter((line) => /^[A-Z]/.test(line)).sort()).toEqual(needed.map((name) => `${name}=`).sort());
  });

  it('never enter the image or the history', () => {
    expect(readFileSync(join(root, '.gitignore'), 'utf8').split('\n')).toContain('docker/.env');
    expect(readFileSync(join(root, '.dockerignore'), 'utf8').split('\n')).toEqual(expect.arrayContaining(['*', '**/.env*']));
  });
});

it('the database has one login a service', () => {
  expect(/^services=\((.*)\)$/m.exec(read('postgres', 'init.sh'))![1]!.split(' ').sort()).toEqual([...NAMES].sort());
});

describe('the image', () => {
  const dockerfile = read('Dockerfile').replace(/\\\n/g, ' ').split('\n').filter((line) => line && !line.startsWith('#'));
  const lines = (word: string) => dockerfile.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));

  it('does not run as root', () => {
    expect(lines('USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
  });

  it('copies only what there is and what .dockerignore lets in', () => {
    const sources = lines('COPY').filter((line) => !line.startsWith('--from')).flatMap((line) => line.split(/\s+/).slice(0, -1)).map((source) => source.replace(/\/$/, ''));
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    const letIn = readFileSync(join(root, '.dockerignore'), 'utf8').split('\n').filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(sources.filter((source) => !letIn.some((open) => source === open || source.startsWith(`${open}/`)))).toEqual([]);
  });

  it('has a pinned base, passes signals on, and is asked how it is', () => {
    expect(lines('ARG')[0]).toMatch(/^NODE_IMAGE=node:\d+-bookworm-slim$/);
    expect(lines('STOPSIGNAL')).toEqual(['SIGTERM']);
    expect(lines('ENTRYPOINT')).toEqual(['["node", "--max-semi-space-size=64", "platform/start.mjs"]']);
    expect(lines('HEALTHCHECK').join()).toContain('CMD ["node", "dist/docker/health.js"]');
  });
});

describe('what is watched', () => {
  it('is every process', () => {
    const jobs = (yaml('observability', 'prometheus.yaml') as { scrape_configs: { static_configs: { targets: string[] }[] }[] }).scrape_configs;
    const ports = { gateway: 'PORT', ...Object.fromEntries(SUBGRAPHS.map((name) => [name, `${name.toUpperCase()}_PORT`])) } as Record<ServiceName, string>;
    expect(jobs[0]!.static_configs[0]!.targets.sort()).toEqual(atlas.map(([name, { environment }]) => `${name}:${environment![ports[name]]}`).sort());
  });

  it('is on the dashboard: every metric of ours, and none that there is not', async () => {
    const shown = new Set(read('observability', 'grafana', 'dashboards', 'atlas.json').match(/\batlas_\w+/g)!.map((name) => name.replace(/_(bucket|count|sum)$/, '')));
    const known = (await metrics.getMetricsAsJSON()).map(({ name }) => name);
    expect([...shown].filter((name) => !known.includes(name))).toEqual([]);
    expect(known.filter((name) => !/^atlas_(process|nodejs)_/.test(name) && !shown.has(name))).toEqual([]);
  });

  it('is provisioned from files that can be read', () => {
    const folder = join(here, 'observability', 'grafana');
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => /\.(yaml|json)$/.test(file));
    expect(files.map((file) => Boolean(parse(readFileSync(join(folder, file), 'utf8'))))).toEqual([true, true, true]);
  });
});
