/**
 * What a process stands on: the real system where there is a URL for it, an embedded one where there is none. The
 * services see no difference; the start tells a person which is which.
 */
import { join, resolve } from 'node:path';
import { memoryCache, redisCache } from '../cache.ts';
import type { Settings } from '../config.ts';
import { databaseOpener } from '../database/database.ts';
import { openReplica } from '../database/replica/replica.ts';
import type { Bus } from '../bus/bus.ts';
import type { DeadLetters } from '../bus/dead-letters.ts';
import { openPostgresLog, type PostgresLog } from '../bus/postgres-log.ts';
import { oldestEvent } from '../bus/retention.ts';
import { openJobGround, type JobGround } from '../jobs/ground.ts';
import type { Log } from '../log.ts';
import { folderMail, smtpMail } from '../mail.ts';
import { openObjects } from '../objects/open.ts';
import { embeddedSecret, secretFrom } from '../secret.ts';
import { SUBGRAPHS, type Resources } from '../service.ts';
import { embeddedPostgres } from './postgres.ts';

/** What a host hands to its services, each in its own form. */
export interface Shared extends Omit<Resources, 'ask' | 'reaches' | 'events' | 'jobs'> { 
  jobGround: JobGround;
  bus: Bus;
  deadLetters: DeadLetters;
  /** When the oldest event that the log still has came into it; null when it has none. */
  oldestEvent: () => Promise<Date | null>;
}

export interface StandIns {
  shared: Shared;
  /** What is embedded and what is real, one line each. */
  report: { what: string; how: string }[];
  close(): Promise<void>;
}

export async function openStandIns(given: { settings: Settings; log: Log; say?: (line: string) => void }): Promise<StandIns> {
  const { settings, log } = given;
  const data = resolve(settings.ATLAS_DATA);
  const postgres = settings.DATABASE_URL ? null : await embeddedPostgres({ folder: join(data, 'postgres'), ...(given.say && { say: given.say }) });
  const url = settings.DATABASE_URL ?? postgres!.url;
  const cache = settings.REDIS_URL ? await redisCache(settings.REDIS_URL, (error) => log.warn({ err: error }, 'Redis does not answer; nothing is remembered in the meantime.')) : memoryCache();
  await cache.ready();
  const mailFolder = join(data, 'mail');
  const mail = settings.SMTP_URL ? await smtpMail({ url: settings.SMTP_URL, from: settings.MAIL_FROM }) : folderMail({ folder: mailFolder, from: settings.MAIL_FROM, log });
  const secret = secretFrom(settings.ATLAS_SECRET ?? embeddedSecret(data));
  const objectsFolder = join(data, 'objects');
  const objects = await openObjects({ settings, folder: objectsFolder, secret, log });
  const ownerUrl = settings.DATABASE_URL ? settings.DATABASE_OWNER_URL ?? settings.DATABASE_URL : postgres!.ownerUrl;
  const eventLog = await openPostgresLog({ url, ownerUrl, log, keep: { days: settings.EVENT_LOG_DAYS, bytes: settings.EVENT_LOG_MB * 1_000_000 } });
  const jobGround = await openJobGround({ url, ownerUrl, feed: eventLog.feed, log });
  const replica = settings.DATABASE_REPLICA_URL ? await openReplica({ url: settings.DATABASE_REPLICA_URL, primaryUrl: url, lagMs: settings.DATABASE_REPLICA_LAG_MS, redisUrl: settings.REDIS_URL, log }) : undefined;
  const isOnKafka = settings.KAFKA_BROKERS.length > 0;
  const bus = isOnKafka ? await onKafka(eventLog, settings, log) : eventLog;

  return {
    shared: {
      settings, log, cache, mail, objects, secret, now: () => new Date(), bus, jobGround, deadLetters: eventLog.deadLetters, oldestEvent: () => oldestEvent(eventLog.pool),
      openDatabase: databaseOpener({
        url, log, ownerUrl, replica,
        poolMax: settings.DATABASE_POOL,
        statementMs: settings.REQUEST_TIMEOUT_MS,
      }),
    },
    report: [
      { what: 'database', how: settings.DATABASE_URL ? 'PostgreSQL at DATABASE_URL' : `embedded PostgreSQL 18${postgres!.attached ? ', shared with another Atlas' : ''}, in ${postgres!.dataFolder}` },
      ...(replica ? [{ what: 'replica', how: `DATABASE_REPLICA_URL${settings.REDIS_URL ? '' : '; without REDIS_URL a process knows of its own changes only'}` }] : []),
      { what: 'cache', how: settings.REDIS_URL ? 'Redis at REDIS_URL' : 'in this process' },
      { what: 'mail', how: settings.SMTP_URL ? 'SMTP at SMTP_URL' : `written to ${mailFolder}` },
      { what: 'objects', how: settings.S3_ENDPOINT ? 'S3 at S3_ENDPOINT' : `files in ${objectsFolder}` },
      { what: 'events', how: isOnKafka ? 'a log in the database, then Kafka at KAFKA_BROKERS' : 'a log in the database' },
    ],
    async close() {
      await jobGround.close();
      await bus.close();
      await replica?.close();
      await Promise.all([cache.close(), mail.close(), objects.close()]);
      await postgres?.stop();
    },
  };
}

/** The library is large: who has no Kafka does not wait for it. */
async function onKafka(eventLog: PostgresLog, settings: Settings, log: Log): Promise<Bus> {
  const [{ kafkaAfterLog }, { kafkaBus }, { openKafka }] = await Promise.all([import('../bus/kafka-after-log.ts'), import('../bus/kafka-bus.ts'), import('../bus/kafka/client.ts')]);
  return kafkaAfterLog({ log: eventLog, kafka: kafkaBus({ kafka: openKafka(settings, log), prefix: settings.KAFKA_PREFIX, services: [...SUBGRAPHS, 'gateway'], log }) });
}
