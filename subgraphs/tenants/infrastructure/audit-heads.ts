/**
 * Where the audit trails end, in the log of the process: outside the database, and where logs are kept for good, outside
 * the machine. Whoever puts a whole database back to what it was yesterday does not put back these lines.
 */
import type { Log } from '../../../platform/log.ts';
import type { ChainName, Head } from '../domain/audit-chain.ts';

const CHAINS_MAX = 10_000;

export interface AuditHeads {
  appended(chain: ChainName, head: Head): void;
  broken(chain: ChainName): void;
  /** One line for each trail that has grown since the last time. */
  say(): void;
}

export function auditHeads(log: Log): AuditHeads {
  const grown = new Map<ChainName, Head>();
  const say = (): void => {
    for (const [trail, { seq, hash }] of grown) log.info({ trail, noted: `${seq}:${hash}` }, 'The audit trail has grown.');
    grown.clear();
  };
  return {
    say,
    appended(chain, head) {
      grown.set(chain, head);
      if (grown.size >= CHAINS_MAX) say();
    },
    broken: (trail) => log.error({ trail }, 'The audit trail was not as it had been left. What follows is added all the same, and the place stays to be seen: npx atlas audit says where.'),
  };
}
