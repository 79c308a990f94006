/** Services asked past the gateway, as whoever the gateway would vouch for: `_entities` of whatever id was stolen. */
import { newId, type IdPrefix } from '../../platform/ids.ts';
import { maskOf } from './asking.ts';
import { wrongGrants } from './files.ts';
import { leaksIn } from './judge.ts';
import { stolen } from './operations/nodes.ts';
import { FLAT_ITEM } from './operations/selections.ts';
import { isKnown, type Principal } from './rights.ts';
import type { World } from './world.ts';

const SELECTIONS: Record<string, string> = {
  User: 'name email', Tenant: 'slug name members(first: 5) { nodes { role } } invitations { nodes { email } }', Invitation: 'email role', ApiKey: 'name scopes', Webhook: 'url description', WebhookDelivery: 'eventType failure',
  AuditEvent: 'action before after', Attachment: 'name sha256 url text { content }', Job: 'kind note result error { message }', SavedSearch: 'name query filter mode', Conversation: 'title export', Answer: 'question text citations { passage }', Approval: 'why citations { passage }', Collection: `name description settings tags itemCount items { nodes { ${FLAT_ITEM} } }`, Item: FLAT_ITEM,
};

export async function askDirectly(world: World, by: Principal): Promise<string[]> {
  const found = isKnown(by) ? stolen(world, by) : null;
  if (!found) return [];
  // By `id` only services hand out what a caller has met; collections shows nothing by it either.
  const key = found.owner === 'collections' && world.chance(0.5) ? 'id' : 'nodeId';
  const document = `query($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${found.type} { ${SELECTIONS[found.type]} } } }`;
  const ask = (id: string) => world.kit.ask(found.owner, document, { representations: [{ __typename: found.type, [key]: id }] }, world.viewerOf(by));
  const answer = await ask(found.id);
  const text = JSON.stringify(answer);
  const faults = leaksIn(world, by, text, { trail: found.type === 'AuditEvent' }).map((leak) => `shows ${leak}`).concat(wrongGrants(world, by, text));
  const shown = (answer.data?._entities as unknown[] | undefined)?.[0] != null;
  if (found.sees !== undefined && key === 'nodeId' && shown !== found.sees) faults.push(`${shown ? 'shows' : 'hides'} ${found.id}: ${text.slice(0, 400)}`);
  if (found.sees === false && key === 'nodeId') {
    const nothing = newId(found.id.slice(0, 3) as IdPrefix);
    const other = JSON.stringify(await ask(nothing));
    if (maskOf(text, found.id) !== maskOf(other, nothing)) faults.push(`tells ${found.id} from what there is not: ${text} | ${other}`);
  }
  return faults.map((fault) => `_entities of ${found.owner} by ${key} ${fault}`);
}
