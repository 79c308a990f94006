/**
 * `npx atlas audit [tenant] [noted]`: goes through the audit trails from the first event to the last. It says of each that
 * it is whole and where it ends, or which event is the first that is not what was written; then it exits with 1.
 */
import { SettingsError } from '../config.ts';
import type { AuditFinding, Service } from '../service.ts';

export const AUDIT_HELP = `atlas audit [tenant] [seq:hash]
                    go through the audit trail of a tenant (its slug or id), of the system, or of all;
                    with what the log noted of it earlier, also whether it still holds that
`;

interface Wanted { trail: string | null; noted?: { seq: number; hash: string } }

export function readAuditWords(words: readonly string[]): Wanted {
  const [trail = null, text, ...more] = words;
  if (more.length > 0) throw new SettingsError('Say at most whose audit trail, and what was noted of it: atlas audit acme 120:5d41…');
  if (text === undefined) return { trail };
  const [, seq, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (!seq || !hash) throw new SettingsError('What was noted of an audit trail is a number, a colon and 64 hexadecimal digits, as the log says it.');
  return { trail, noted: { seq: Number(seq), hash } };
}

/** Whether all of them are whole. */
export async function auditAll(tenants: Service, { trail, noted }: Wanted, say: (line: string) => void): Promise<boolean> {
  let whole = true;
  for await (const finding of tenants.audit!(trail, noted)) {
    say(lineOf(finding));
    whole &&= finding.why === null;
  }
  return whole;
}

function lineOf({ trail, name, count, noted, why, firstBroken }: AuditFinding): string {
  const title = name === trail ? name : `${name} (${trail})`;
  if (why !== null) return `${title}: BROKEN at ${firstBroken ?? 'its end'}: ${why}.`;
  return `${title}: whole, ${count} ${count === 1 ? 'event' : 'events'}${noted ? `, ends at ${noted}` : ''}`;
}
