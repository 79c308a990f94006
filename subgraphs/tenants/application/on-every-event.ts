import type { Envelope } from '../../../platform/event.ts';
import { ID_KINDS, nodePrefix } from '../../../platform/ids.ts';
import { consumeAll } from '../../../platform/outbox/inbox.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { BEGINNING, isSealed, link, SYSTEM, type ChainName, type Head, type Record, type Seals } from '../domain/audit-chain.ts';
import type { Ports } from '../domain/ports.ts';
import { isTally } from '../domain/tallies.ts';

interface Given {
  work: Work<Ports>;
  seals: Seals;
  /** What a chain ends with now. */
  appended(chain: ChainName, head: Head): void;
  /** A chain was not as it had been left. */
  broken(chain: ChainName): void;
}

/** Everything that any service tells becomes one row of its tenant's chain: who, what, to what, before and after. What was only counted is kept by whoever bills it. */
export const onEveryEvent = (given: Given) => consumeAll('audit', async (event) => {
  if (isTally(event)) return;
  const chain = event.tenant ?? SYSTEM;
  const scope: Scope = { kind: 'system', id: 'system:tenants', userId: null, tenantId: event.tenant };
  const done = await given.work(scope, async ({ audit }) => {
    const { head, has } = await audit.lockedHead(chain, event.id);
    if (has) return null; // an inbox that was emptied, a log that was replayed
    const sound = head ? isSealed('head', chain, head, given.seals) : await audit.lastSeq(chain) === 0;
    const after = sound ? head ?? BEGINNING : { ...BEGINNING, seq: await audit.lastSeq(chain) };
    const next = link(chain, after, sound, recordOf(event), given.seals);
    await audit.append(next.row, next.head);
    return { ...next, sound };
  });
  if (!done) return;
  given.appended(chain, done.head);
  if (!done.sound) given.broken(chain);
});

/** An event that says nothing for the audit is still one: it is about its subject. */
function recordOf({ id, at, actor, type, subject, audit, requestId }: Envelope): Record {
  const prefix = nodePrefix(subject);
  const about = audit ?? { entityType: prefix ? ID_KINDS[prefix].type : type.split('.')[0]!, entityId: subject };
  const { entityType, entityId, before, after } = { before: undefined, after: undefined, ...about };
  return { id, at: new Date(at), actor: { kind: actor.kind, id: actor.id }, action: type, entityType, entityId, before, after, requestId };
}
