/**
 * The only reader of the environment. Every setting stands in one table with its form, its default and what it is for;
 * docs/running.md holds the same table, and a test holds the two equal. A bad value stops the start with one sentence
 * that names the setting and never its value: values can be secrets.
 */
import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { misfitOf } from './config-together.ts';
import { SUBGRAPHS, type SubgraphName } from './names.ts';

interface Setting<T> { form: z.ZodType<T, string | undefined>; fallback: string; what: string }
const setting = <T>(form: z.ZodType<T, string | undefined>, fallback: string, what: string): Setting<T> => ({ form, fallback, what });

const text = z.string().min(1);
const port = z.string().regex(/^\d{1,5}$/, 'a port number').transform(Number).refine((n) => n <= 65_535, 'a port number');
const count = z.string().regex(/^[1-9]\d{0,8}$/, 'a whole number above 0').transform(Number);
const flag = z.enum(['on', 'off'], 'on or off').transform((value) => value === 'on');
const urlOf = (...protocols: string[]) =>
  text.refine((value) => URL.canParse(value) && protocols.includes(new URL(value).protocol.slice(0, -1)), `a URL that begins with ${protocols.map((p) => `${p}://`).join(' or ')}`);
const list = z.string().transform((value) => value.split(',').map((part) => part.trim()).filter(Boolean));

const isRange = (one: string): boolean => ipaddr.isValid(one) || ipaddr.isValidCIDR(one);
const ranges = list.refine((all) => ['', 'on', 'off'].includes(all.join()) || all.every(isRange), 'on, off, or IP addresses or ranges such as 10.0.0.0/8, separated by commas').default([]);
const hours = z.string().regex(/^\d{1,5}$/, 'a whole number').transform(Number);
const waits = list.refine((all) => all.length > 0 && all.length <= 20 && all.every((one) => /^[1-9]\d{0,5}$/.test(one)), 'up to 20 whole numbers above 0, separated by commas').transform((all) => all.map(Number));

const MODELS = ['openai', 'anthropic', 'local'] as const;
const prices = z.string().regex(/^\d{1,9}(\.\d{1,9})?\/\d{1,9}(\.\d{1,9})?$/, 'two prices such as 0.15/0.60').transform((value) => value.split('/') as [string, string]);

export const SETTINGS = {
  NODE_ENV: setting(text.default('development'), 'development', '`production` closes introspection to strangers, and GraphiQL, and insists on ATLAS_SECRET'),
  PORT: setting(port.default(4000), '4000', 'where the gateway listens'),
  HOST: setting(text.default('127.0.0.1'), '127.0.0.1', 'the address that every listener binds; `0.0.0.0` in a container'),
  ATLAS_DATA: setting(text.default('.atlas'), '.atlas', 'the folder of embedded data; kept between runs'),
  ATLAS_SECRET: setting(text.min(32, 'at least 32 characters').optional(), 'made at first start', 'the secret that cursors and stored keys are sealed with; the same for all processes'),
  DATABASE_URL: setting(urlOf('postgres', 'postgresql').optional(), 'embedded', 'a PostgreSQL 15 or newer; the login that serves'),
  DATABASE_OWNER_URL: setting(urlOf('postgres', 'postgresql').optional(), 'DATABASE_URL', 'the login that migrates: owns the database and may create roles'),
  DATABASE_REPLICA_URL: setting(urlOf('postgres', 'postgresql').optional(), 'none', 'a streaming replica of that database, for reads that may lag behind what others write (docs/deploying.md); the login that serves'),
  DATABASE_REPLICA_LAG_MS: setting(count.default(2_000).refine((n) => n >= 500 && n <= 60_000, 'between 500 and 60000'), '2000', 'how far behind the replica may be; beyond it everything is read from the primary'),
  DATABASE_POOL: setting(count.default(6), '6', 'connections a service may hold'),
  KAFKA_BROKERS: setting(list.refine((all) => all.every((one) => /^[^\s:/]+:\d{1,5}$/.test(one)), 'addresses such as kafka-1:9092, separated by commas').default([]), 'in the database', 'a Kafka that events travel by, as addresses of brokers separated by commas; otherwise every process reads them from the database'),
  KAFKA_PREFIX: setting(z.string().regex(/^[a-z][a-z0-9-]{0,40}$/, 'small letters, digits and hyphens').default('atlas'), 'atlas', 'what the names of topics and groups begin with; another Atlas on the same Kafka needs another'),
  KAFKA_PARTITIONS: setting(count.default(12).refine((n) => n <= 1_000, 'at most 1000'), '12', 'partitions of a topic when it is made: so many processes can share the work of a group. More of them later break the order of subjects for a moment'),
  KAFKA_REPLICATION: setting(count.optional().refine((n) => n === undefined || n <= 9, 'at most 9'), 'the brokers, at most 3', 'copies of a topic when it is made'),
  KAFKA_SSL: setting(flag.default(false), 'off', 'whether Kafka is spoken to over TLS; a private authority is named in NODE_EXTRA_CA_CERTS'),
  KAFKA_USERNAME: setting(text.optional(), 'none', 'who logs in to Kafka (SASL)'),
  KAFKA_PASSWORD: setting(text.optional(), 'none', 'with what; goes with KAFKA_USERNAME'),
  KAFKA_MECHANISM: setting(z.enum(['plain', 'scram-sha-256', 'scram-sha-512'], 'plain, scram-sha-256 or scram-sha-512').default('scram-sha-512'), 'scram-sha-512', 'how: plain, scram-sha-256 or scram-sha-512'),
  JOBS_LEASE_MS: setting(count.default(15_000).refine((n) => n >= 500 && n <= 25_000, 'between 500 and 25000'), '15000', 'for how long a job is left to a process that is not heard of any more; then another takes it over'),
  EVENT_LOG_DAYS: setting(count.default(7), '7', 'how many days events are kept after every group has handled them, to be replayed'),
  EVENT_LOG_MB: setting(count.default(2_000), '2000', 'how many megabytes of handled events are kept'),
  REDIS_URL: setting(urlOf('redis', 'rediss').optional(), 'in process', 'a Redis that all processes share as a cache'),
  S3_ENDPOINT: setting(urlOf('http', 'https').optional(), 'a folder', 'an S3 (AWS or another) that keeps attachments, uploads and exports; otherwise they are files in `<ATLAS_DATA>/objects`, which every process must see'),
  S3_PUBLIC_ENDPOINT: setting(urlOf('http', 'https').optional(), 'S3_ENDPOINT', 'where clients reach the same S3, when that is another address: their URLs name it'),
  S3_BUCKET: setting(z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'small letters, digits, dots and hyphens, 3 to 63 of them').optional(), 'none', 'the bucket; it has to be there'),
  S3_REGION: setting(z.string().regex(/^[a-z0-9-]{1,40}$/, 'small letters, digits and hyphens').default('us-east-1'), 'us-east-1', 'its region'),
  S3_ACCESS_KEY_ID: setting(text.optional(), 'none', 'who speaks to S3: may get, put and delete objects, list the bucket, list and abort multipart uploads'),
  S3_SECRET_ACCESS_KEY: setting(text.optional(), 'none', 'with what; goes with S3_ACCESS_KEY_ID'),
  S3_PATH_STYLE: setting(flag.default(true), 'on', 'whether the bucket stands in the path; `off` puts it before the host, as newer buckets at AWS want it'),
  OBJECTS_URL: setting(urlOf('http', 'https').refine((value) => value === undefined || !/[?#]/.test(value), 'a URL without ? and #').optional(), 'http://localhost:PORT', 'where clients reach the gateway to upload and download files (`/objects`); without S3 alone'),
  MEILI_URL: setting(urlOf('http', 'https').optional(), 'the database', 'a Meilisearch that items are found in by words; the index in the database stays behind it'),
  MEILI_KEY: setting(text.optional(), 'none', 'with what it is spoken to: a key that may do everything with the indexes whose names begin with `atlas-`'),
  QDRANT_URL: setting(urlOf('http', 'https').optional(), 'the database', 'a Qdrant that keeps the places of items in meaning'),
  QDRANT_KEY: setting(text.optional(), 'none', 'with what it is spoken to'),
  EMBEDDINGS_URL: setting(urlOf('http', 'https').refine((value) => value === undefined || !/[?#]/.test(value), 'a URL without ? and #').optional(), 'learned here', 'a server of embeddings that speaks the form of OpenAI, such as https://api.openai.com/v1: it is sent what items say. Otherwise each tenant’s items teach their own'),
  EMBEDDINGS_KEY: setting(text.optional(), 'none', 'with what it is spoken to'),
  EMBEDDINGS_MODEL: setting(z.string().regex(/^\S{1,200}$/, 'the name of a model').optional(), 'none', 'the model; goes with EMBEDDINGS_URL. When it changes, all items are placed anew'),
  EMBEDDINGS_DIMENSIONS: setting(count.refine((n) => n <= 4_096, 'at most 4096').optional(), 'the model’s own', 'how long its vectors are to be, where the model can shorten them'),
  STRIPE_SECRET_KEY: setting(z.string().regex(/^[sr]k_(test|live)_[A-Za-z0-9_]+$/, 'a secret or restricted key of Stripe, which begins with sk_test_, sk_live_, rk_test_ or rk_live_').optional(), 'none', 'the Stripe account that tenants pay through; otherwise payments are pretended here. A live key is refused unless NODE_ENV is production'),
  STRIPE_WEBHOOK_SECRETS: setting(list.refine((all) => all.length <= 5 && all.every((one) => /^whsec_\S{8,200}$/.test(one)), 'at most 5 secrets that begin with whsec_, separated by commas').default([]), 'none', 'what `/webhooks/stripe` is signed with; several while one takes the place of another, separated by commas'),
  STRIPE_API_URL: setting(urlOf('http', 'https').refine((value) => value === undefined || new URL(value).href === `${new URL(value).origin}/`, 'a URL without a path').optional(), 'Stripe', 'another server that speaks the API of Stripe, for trials; in production https:// alone'),
  STRIPE_TEST_IN_PRODUCTION: setting(flag.default(false), 'off', 'whether a test key is good enough in production: nobody pays anything then'),
  AI_CACHE: setting(flag.default(true), 'on', 'whether a question that was answered within a day, from the same and for somebody who sees the same, is answered so again without a model'),
  AI_MODELS: setting(list.refine((all) => all.length > 0 && new Set(all).size === all.length && all.every((one) => MODELS.includes(one as never)), 'some of openai, anthropic and local, separated by commas').transform((all) => all as (typeof MODELS)[number][]).default([...MODELS]), 'openai,anthropic,local', 'who answers questions: the first of these that is set up and answers. `local` needs nothing and leaves the machine with nothing: it picks sentences'),
  OPENAI_BASE_URL: setting(urlOf('http', 'https').refine((value) => value === undefined || !/[?#]/.test(value), 'a URL without ? and #').optional(), 'that of OpenAI', 'a server of models that speaks the form of OpenAI (Ollama, vLLM, Mistral …), such as http://localhost:11434/v1: it is sent questions and what items say'),
  OPENAI_API_KEY: setting(text.optional(), 'none', 'with what it is spoken to'),
  OPENAI_MODEL: setting(z.string().regex(/^\S{1,200}$/, 'the name of a model').optional(), 'none', 'the model; goes with OPENAI_API_KEY or OPENAI_BASE_URL'),
  OPENAI_PRICE: setting(prices.optional(), 'as it was published in January 2026: check it', 'what a million tokens cost in dollars, read and written: 0.15/0.60'),
  ANTHROPIC_BASE_URL: setting(urlOf('http', 'https').refine((value) => value === undefined || !/[?#]/.test(value), 'a URL without ? and #').optional(), 'that of Anthropic', 'where its models are reached, when that is elsewhere'),
  ANTHROPIC_API_KEY: setting(text.optional(), 'none', 'with what Anthropic is spoken to: it is sent questions and what items say'),
  ANTHROPIC_MODEL: setting(z.string().regex(/^\S{1,200}$/, 'the name of a model').optional(), 'none', 'the model; goes with ANTHROPIC_API_KEY'),
  ANTHROPIC_PRICE: setting(prices.optional(), 'as it was published in January 2026: check it', 'what a million tokens cost in dollars, read and written: 3/15'),
  SMTP_URL: setting(urlOf('smtp', 'smtps').optional(), 'a folder', 'where mail is handed over; otherwise it is written to `<ATLAS_DATA>/mail`'),
  MAIL_FROM: setting(text.default('Atlas <atlas@localhost>'), 'Atlas <atlas@localhost>', 'the sender of mail'),
  PUBLIC_URL: setting(urlOf('http', 'https').optional(), 'http://localhost:PORT', 'where the links of letters lead: GraphiQL when it is on, otherwise a page of yours that takes what stands after the `#` (`verify-email=`, `reset-password=`, `accept-invitation=`)'),
  CORS_ORIGINS: setting(list.refine((all) => all.every((one) => one === '*' || (URL.canParse(one) && new URL(one).origin === one)), 'origins such as https://app.example.com, separated by commas, or *').default([]), 'none', 'origins whose pages may call Atlas, separated by commas; `*` for all'),
  TRUST_PROXY: setting(list.refine((all) => all.every((one) => ipaddr.isValid(one) || ipaddr.isValidCIDR(one)), 'IP addresses or ranges such as 10.0.0.0/8, separated by commas').default([]), 'none', 'addresses or ranges of proxies whose X-Forwarded-For is believed, separated by commas'),
  INTROSPECTION: setting(z.enum(['on', 'callers', 'off'], 'on, callers or off').optional(), 'on, callers in production', 'who may ask for the schema: everybody, people and keys (each what it reaches), or nobody'),
  GRAPHIQL: setting(flag.optional(), 'on, off in production', 'whether a browser that opens /graphql gets GraphiQL'),
  LOG_LEVEL: setting(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], 'a log level').default('info'), 'info', 'trace, debug, info, warn, error or silent'),
  WEBHOOKS_HTTP: setting(flag.default(false), 'off', 'whether webhooks may go to http:// too; otherwise https:// alone'),
  WEBHOOKS_PRIVATE: setting(ranges, 'off', '`on`, or ranges such as 10.1.0.0/16, separated by commas: addresses that are not public and webhooks may reach all the same (docs/webhooks.md)'),
  WEBHOOKS_TIMEOUT_MS: setting(count.default(10_000).refine((n) => n <= 60_000, 'at most 60000'), '10000', 'how long the receiver of a webhook may take'),
  WEBHOOKS_RETRY_SECONDS: setting(waits.default([5, 300, 1_800, 7_200, 18_000, 18_000, 18_000, 21_600]), '5,300,1800,7200,18000,18000,18000,21600', 'how long a webhook waits before each further attempt; after the last it is given up'),
  WEBHOOKS_DISABLE_ATTEMPTS: setting(count.default(20), '20', 'a webhook is disabled when so many attempts in a row have failed …'),
  WEBHOOKS_DISABLE_HOURS: setting(hours.default(120), '120', '… and nothing has been delivered for so many hours'),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(urlOf('http', 'https').optional(), 'off', 'where traces are sent (OTLP over HTTP)'),
  REQUEST_TIMEOUT_MS: setting(count.default(30_000), '30000', 'how long one request may take'),
  PLAN_TIMEOUT_MS: setting(count.default(10_000), '10000', 'how long the plan of one new document may take; others wait for it'),
  ASK_TIMEOUT_MS: setting(count.default(2_500), '2500', 'how long a service in another process may take for a whole answer'),
  BREAKER_FAILURES: setting(count.default(5), '5', 'after so many failures in a row a service in another process is left alone until it answers again'),
  BREAKER_PROBE_MS: setting(count.default(400).refine((n) => n <= 60_000, 'at most 60000'), '400', 'how often a service that is left alone is tried'),
  DRAIN_MS: setting(count.default(10_000), '10000', 'how long a stopping process waits for what runs, the notice included'),
  DRAIN_NOTICE_MS: setting(count.default(3_000), '3000', 'how long a stopping process goes on as before, but for saying that it is not ready: longer than a balancer takes to see it'),
  ACCESS_TOKEN_SECONDS: setting(count.default(900).refine((n) => n >= 5 && n <= 900, 'between 5 and 900'), '900', 'life of an access token'),
  SESSION_DAYS: setting(count.default(30), '30', 'life of a session that is not refreshed'),
  REFRESH_GRACE_SECONDS: setting(count.default(10), '10', 'how long a refresh whose answer was lost may be repeated'),
  RATE_LIMIT_PER_MINUTE: setting(count.default(600_000), '600000', 'points a caller may spend in a minute: an object costs one, a page as many as it may hold, a change ten (docs/limits.md)'),
  TENANT_RATE_LIMIT_PER_MINUTE: setting(count.default(3_000_000), '3000000', 'points that all callers of one tenant may spend in a minute together'),
  SUPERGRAPH_FILE: setting(text.optional(), 'that of this build', 'the supergraph that the gateway serves; a change of the file, or SIGHUP, is taken over'),
  TRUSTED_DOCUMENTS: setting(text.optional(), 'those of the TypeScript client', 'the file of the documents that are trusted: a JSON object of texts by their SHA-256'),
  TRUSTED_DOCUMENTS_ONLY: setting(flag.default(false), 'off', 'whether nothing but trusted documents is answered, to anybody; a key may be held to them by itself'),
  STREAMS_MAX: setting(count.default(10_000), '10000', 'streams, and sockets beside them, that this gateway holds at once'),
  STREAMS_PER_CALLER: setting(count.default(100), '100', 'streams that one person, key or, for strangers, address may follow at once'),
  SOCKETS_PER_ADDRESS: setting(count.default(1_000), '1000', 'sockets that one address may hold open at once, whoever uses them'),
  STREAM_OPERATIONS_PER_SOCKET: setting(count.default(100), '100', 'operations that may run on one socket at once'),
  STREAM_QUEUE_EVENTS: setting(count.default(1_000), '1000', 'events that may wait for a subscriber that reads slowly'),
  STREAM_QUEUE_BYTES: setting(count.default(500_000), '500000', 'bytes of events that may wait for a subscriber that reads slowly'),
  STREAM_QUEUES_BYTES: setting(count.default(10_000_000), '10000000', 'bytes of events that may wait for all subscribers together; beyond it, whoever has most waiting is ended first'),
  STREAM_INIT_MS: setting(count.default(3_000), '3000', 'how long an opened socket may take to say who it is'),
  STREAM_PING_MS: setting(count.default(12_000), '12000', 'how often a socket is pinged and a silent stream sends a sign of life'),
  VIEWER_CACHE_MS: setting(count.default(60_000).refine((n) => n <= 600_000, 'at most 600000'), '60000', 'how long the gateway remembers who a token or key is, unless it hears that it was taken back'),
} satisfies Record<string, Setting<unknown>>;

type Plain = { [K in keyof typeof SETTINGS]: z.output<(typeof SETTINGS)[K]['form']> };
export type SubgraphUrls = Partial<Record<SubgraphName, string>>;
export interface Settings extends Plain {
  production: boolean;
  /** Where the services that run elsewhere are reached: `USERS_URL=…`. */
  urls: SubgraphUrls;
  /** Where the services that run here listen: `USERS_PORT=…`. */
  ports: Record<SubgraphName, number>;
  /** The services whose port was set by hand: they listen even beside a gateway. */
  portsSet: readonly SubgraphName[];
}

/** Two settings a service, alike for all: where it is reached, and where it listens. */
export const serviceSettings = SUBGRAPHS.flatMap((name, index) => [
  { name: `${name.toUpperCase()}_URL`, service: name, fallback: 'in this process', what: `where ${name} is reached when it does not run in this process` },
  { name: `${name.toUpperCase()}_PORT`, service: name, fallback: String(4001 + index), what: `where ${name} listens when no gateway runs in its process, or when this is set` },
]);

/** A setting that is missing or wrong: one sentence, no value. */
export class SettingsError extends Error {}

/** What the command line says stands above the environment; `only` names the settings that mean something to who asks. */
export function readSettings(environment: Record<string, string | undefined>, told: { only?: readonly string[]; instead?: Record<string, string> } = {}): Settings {
  const given = (name: string) => {
    const value = told.instead?.[name] ?? (told.only && !told.only.includes(name) ? undefined : environment[name]);
    return value?.trim() ? value : undefined;
  };
  const wrong = (name: string, form: string): never => {
    throw new SettingsError(`${name} must be ${form}.`);
  };
  const values = Object.fromEntries(
    Object.entries(SETTINGS).map(([name, { form }]) => {
      const result = form.safeParse(given(name));
      return [name, result.success ? result.data : wrong(name, result.error.issues[0]?.message ?? 'valid')];
    }),
  ) as Plain;

  const urls: SubgraphUrls = {};
  const ports = {} as Record<SubgraphName, number>;
  const portsSet: SubgraphName[] = [];
  SUBGRAPHS.forEach((name, index) => {
    const url = given(`${name.toUpperCase()}_URL`);
    if (url && !urlOf('http', 'https').safeParse(url).success) wrong(`${name.toUpperCase()}_URL`, 'a URL that begins with http:// or https://');
    if (url) urls[name] = url;
    const listens = port.optional().safeParse(given(`${name.toUpperCase()}_PORT`));
    if (!listens.success) wrong(`${name.toUpperCase()}_PORT`, 'a port number');
    if (listens.data !== undefined) portsSet.push(name);
    ports[name] = listens.data ?? 4001 + index;
  });

  const production = values.NODE_ENV === 'production';
  const misfit = misfitOf(values, production);
  if (misfit) throw new SettingsError(misfit);
  return { ...values, production, urls, ports, portsSet };
}
