/** What Atlas counts about itself. Labels come from short, closed lists: never an id, never text that a client sent. */
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export const metrics = new Registry();
collectDefaultMetrics({ register: metrics, prefix: 'atlas_' });

const registers = [metrics];
const FAST = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export const requestSeconds = new Histogram({ name: 'atlas_request_seconds', help: 'How long a GraphQL request took, by service and outcome.', labelNames: ['service', 'outcome'], buckets: FAST, registers });
export const errorsTotal = new Counter({ name: 'atlas_errors_total', help: 'Errors that were answered, by service and code.', labelNames: ['service', 'code'], registers });
export const streamsTotal = new Counter({ name: 'atlas_streams_total', help: 'Streams that have ended, by service and how: ok or refused.', labelNames: ['service', 'outcome'], registers });
export const streamsOpen = new Gauge({ name: 'atlas_streams_open', help: 'Streams that clients follow at this moment, by transport.', labelNames: ['transport'], registers });
export const streamEventsTotal = new Counter({ name: 'atlas_stream_events_total', help: 'Events that were handed to clients, by transport.', labelNames: ['transport'], registers });
export const sqlSeconds = new Histogram({ name: 'atlas_sql_seconds', help: 'How long a SQL statement took, by service and outcome.', labelNames: ['service', 'outcome'], buckets: FAST, registers });
export const readsTotal = new Counter({ name: 'atlas_reads_total', help: 'Reads where there is a replica, by service, place (replica or primary) and why there.', labelNames: ['service', 'place', 'why'], registers });
export const replicaLagSeconds = new Gauge({ name: 'atlas_replica_lag_seconds', help: 'How far the replica is behind, at most; while it is away, since when.', registers });
export const askSeconds = new Histogram({ name: 'atlas_ask_seconds', help: 'How long a question to a service took, by asker, service and outcome.', labelNames: ['asker', 'service', 'outcome'], buckets: FAST, registers });
export const breakerState = new Gauge({ name: 'atlas_subgraph_breaker', help: 'Whether a subgraph in another process is asked, by service: 0 it is, 1 it is left alone, 0.5 it is being tried.', labelNames: ['service'], registers });
export const retriesTotal = new Counter({ name: 'atlas_subgraph_retries_total', help: 'Queries that were put to a subgraph once more because nobody answered, by service.', labelNames: ['service'], registers });
export const eventsTotal = new Counter({ name: 'atlas_events_total', help: 'Events by service and what became of them: handled, failed (and tried again), parked.', labelNames: ['service', 'what'], registers });
export const consumerWaiting = new Gauge({ name: 'atlas_consumer_waiting', help: 'Events that a consumer has yet to handle, as it was some seconds ago, by group.', labelNames: ['group'], registers });
export const consumerOldestSeconds = new Gauge({ name: 'atlas_consumer_oldest_seconds', help: 'For how long the oldest event that a consumer has yet to handle has waited, by group.', labelNames: ['group'], registers });
export const deadLettersGauge = new Gauge({ name: 'atlas_dead_letters', help: 'Events that a consumer could not handle and that are set aside, by group.', labelNames: ['group'], registers });
export const webhookAttemptsTotal = new Counter({ name: 'atlas_webhook_attempts_total', help: 'Attempts to deliver a webhook, by how they ended: delivered or failed.', labelNames: ['outcome'], registers });
export const outboxRows = new Gauge({ name: 'atlas_outbox_rows', help: 'Events told and not yet in the log, by service, as far as they were counted.', labelNames: ['service'], registers });
export const jobsWaiting = new Gauge({ name: 'atlas_jobs_waiting', help: 'Jobs that are due and have not been taken, as it was some seconds ago, by kind.', labelNames: ['kind'], registers });
export const jobsRunning = new Gauge({ name: 'atlas_jobs_running', help: 'Jobs that run in this process, by kind.', labelNames: ['kind'], registers });
export const jobsTotal = new Counter({ name: 'atlas_jobs_total', help: 'Attempts at a job that have ended, by kind and how: succeeded, failed, cancelled, retried (it is tried again), given back, lost (another process has it).', labelNames: ['kind', 'outcome'], registers });
export const jobSeconds = new Histogram({ name: 'atlas_job_seconds', help: 'How long an attempt at a job took, by kind.', labelNames: ['kind'], buckets: [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600], registers });
