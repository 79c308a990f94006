/**
 * What keeps the documents as the items are: whatever has happened to some, what they say now is asked for and kept. So
 * nothing depends on the order in which events come, nor on how often; which of two answers is the newer, tickets say.
 */
import type { ItemId, TenantId } from '../../../platform/ids.ts';
import type { Scope, Work } from '../../../platform/work.ts';
import { settle, type Heard } from '../domain/document.ts';
import type { Items, Ports } from '../domain/document-ports.ts';

export const ITEMS_AT_ONCE = 500;

export const selfIn = (tenantId: TenantId): Scope & { tenantId: TenantId } => ({ kind: 'system', id: 'system:search', userId: null, tenantId });

export interface Hearing<More = unknown> {
  tenantId: TenantId;
  ids: readonly ItemId[];
  /** Part of the work that keeps the last of it. */
  done?: (ports: Ports & More) => Promise<void>;
}
export type HearItems<More = unknown> = (hearing: Hearing<More>) => Promise<void>;

export const hearItems = <More>({ work, items }: { work: Work<Ports & More>; items: Items }): HearItems<More> => async ({ tenantId, ids, done }) => {
  const scope = selfIn(tenantId);
  let left = [...new Set(ids)];
  do {
    const asked = left.splice(0, ITEMS_AT_ONCE);
    const ticket = asked.length > 0 ? await work(scope, ({ documents }) => documents.ticket()) : 0n;
    const told = asked.length > 0 ? await items.of(tenantId, asked) : { items: [], left: [] };
    const truths = new Map(told.items.map((truth) => [truth.id, truth]));
    const missing = new Set(told.left);
    const heard = asked.filter((id) => !missing.has(id)).map((itemId): Heard => ({ itemId, truth: truths.get(itemId) ?? null }));
    left = [...told.left, ...left];
    await work(scope, async (ports) => {
      await keep(heard, ticket, ports);
      if (left.length === 0) await done?.(ports);
    });
  } while (left.length > 0);
};

async function keep(heard: readonly Heard[], ticket: bigint, { documents, unheard }: Ports): Promise<void> {
  if (heard.length === 0) return;
  const ids = heard.map(({ itemId }) => itemId);
  await documents.hold();
  // What does not wait for one another goes to the server together: others of this tenant wait for the row that is held.
  const [kept] = await Promise.all([documents.kept(ids), unheard.forget(ids)]);
  const { changed, confirmed } = settle(heard, kept, ticket);
  await Promise.all([documents.confirm(confirmed, ticket), documents.put(changed, ticket)]);
}
