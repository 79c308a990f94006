/** The audit trail, wired: what every event adds to it, who sees it, and how it is verified. */
import type { Database } from '../../platform/database/database.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources } from '../../platform/service.ts';
import type { Desk } from '../../platform/work.ts';
import { auditTrails } from './application/audit-trails.ts';
import { onEveryEvent } from './application/on-every-event.ts';
import { seeAudit } from './application/see-audit.ts';
import { verifyTrail } from './application/verify-trail.ts';
import type { AuditEvent } from './domain/audit-chain.ts';
import type { Ports } from './domain/ports.ts';
import { auditHeads } from './infrastructure/audit-heads.ts';
import { listTrails } from './infrastructure/listed-trails.ts';
import { secretSeals } from './infrastructure/secret-seals.ts';
import { ActorResolver, AuditEventResolver, AuditResolver } from './presentation/audit.resolver.ts';

/** How often the log says where the audit trails end. */
const HEADS_MS = 300_000;

export function auditOver({ secret, log, events }: Pick<Resources, 'secret' | 'log' | 'events'>, { database, ...desk }: Desk<Ports> & { database: Database }) {
  const heads = auditHeads(log);
  const given = { ...desk, seals: secretSeals(secret), ...heads };
  const see = seeAudit(given);
  const verify = verifyTrail(given);
  events.sweep({ name: 'tenants audit heads', everyMs: HEADS_MS, round: async () => heads.say() });
  return {
    see,
    consumer: onEveryEvent(given),
    resolvers: [
      new AuditResolver(see, verify, pagesOf<AuditEvent>(secret, 'audit events', ({ at, seq }) => [at.toISOString(), String(seq)])),
      new AuditEventResolver(),
      new ActorResolver(),
    ],
    trails: auditTrails({ verify, trails: () => listTrails(database) }),
    stop: () => heads.say(),
  };
}
