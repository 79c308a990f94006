/**
 * What the services of one process tell and hear. Where a process only answers for a service, its consumers and what
 * tidies up after it are not registered: they run where its consumers do.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { keepListening } from '../bus/kept.ts';
import type { Database } from '../database/database.ts';
import type { Shared } from '../embedded/stand-ins.ts';
import { loop } from '../loop.ts';
import type { ServiceName } from '../names.ts';
import { consumes, type Parts } from '../parts.ts';
import type { Events } from '../service.ts';
import { behindOf } from './behind.ts';
import { forgetHandled } from './forget-handled.ts';
import { watchLag, type LagWatch } from './lag.ts';
import { groupOf, listen } from './listen.ts';

const READY_MS = 2_000;
/** Who handles events is nudged by finding what there is to do, a moment later. */
const ELSEWHERE = { nudge: () => undefined };
const HOUR_MS = 3_600_000;

export interface Hearing {
  eventsOf(service: ServiceName): Events;
  /** How events travel, and how far behind this process's consumers are: for whoever asks whether it is ready. */
  detail(): Promise<Record<string, string>>;
  stop(): Promise<void>;
}

export function openHearing(given: { shared: Shared; parts: Parts; databaseOf: (service: ServiceName) => Database }): Hearing {
  const { parts } = given;
  const { bus, deadLetters, oldestEvent, settings, log } = given.shared;
  const { keep, stop } = keepListening();
  const groups: string[] = [];
  const behind = behindOf(bus);
  let lag: LagWatch | undefined;

  return {
    eventsOf: (service) => ({
      told: () => bus.told(service),
      listen(consumers) {
        if (!consumes(parts, service)) return;
        keep(listen({ service, consumers, bus, deadLetters, log }));
        keep(loop({ name: `${service} inbox`, everyMs: HOUR_MS, log, round: async () => forgetHandled(given.databaseOf(service), { oldestEvent: await oldestEvent(), logDays: settings.EVENT_LOG_DAYS }) }));
        groups.push(...consumers.map((consumer) => groupOf(service, consumer)));
        lag ??= keep(watchLag({ groups, bus, deadLetters, log }));
      },
      sweep(task) {
        return consumes(parts, service) ? keep(loop({ ...task, log })) : ELSEWHERE;
      },
      behindMs: (consumer) => behind(groupOf(service, { name: consumer })),
      tail: (types, handler, after, gone) => keep(bus.tail(types, handler, after, gone)),
      hear: (channel, listener) => given.shared.jobGround.hear(channel, listener),
    }),
    async detail() {
      const ready = Promise.race([bus.ready(), sleep(READY_MS, undefined, { ref: false }).then(() => { throw new Error('The bus does not answer.'); })]);
      const travels = await ready.then(() => 'ready', () => 'do not travel at the moment; what is told waits and is not lost');
      const consumers = lag?.said();
      return { events: travels, ...(consumers && { consumers }) };
    },
    stop,
  };
}
