/** `npx atlas demo`: a tenant to look around in, with a person of each role, a key and some collections. Run it as often as you like: the same come out. */
import { askAs } from './commands/as-somebody.ts';
import { ownDocuments } from './commands/eval.ts';
import { importFiles } from './commands/import.ts';
import type { TenantId, UserId } from './ids.ts';
import type { Service, ServiceName } from './service.ts';

interface Person { email: string; password: string; userId: string }
interface DemoTenant { tenant: string; tenantId: string; apiKey: string }
interface DemoCollection { name: string; items: number; shared: string }
interface Demo extends DemoTenant { people: Person[]; collections: DemoCollection[] }

const DOCUMENTS = 'Atlas';

export async function makeDemo(services: ReadonlyMap<ServiceName, Service>): Promise<Demo> {
  const people = await services.get('users')!.demo!(null) as Person[];
  const made = await services.get('tenants')!.demo!({ users: people.map(({ email, userId }) => ({ email, userId })) }) as DemoTenant;
  const collections = await services.get('collections')!.demo!({ tenantId: made.tenantId, people: people.map(({ userId }) => userId) }) as DemoCollection[];
  const documents = ownDocuments();
  if (documents.length > 0) {
    const { ids } = await importFiles(askAs(services, { userId: people[0]!.userId as UserId, tenantId: made.tenantId as TenantId }), DOCUMENTS, documents);
    collections.push({ name: DOCUMENTS, items: ids.size, shared: 'owner OWNER, every member VIEWER' });
  }
  return { people, ...made, collections };
}

export const demoText = ({ people, tenant, apiKey, collections }: Demo, url: string): string => `
The tenant "${tenant}" has a person of each role:

${people.map(({ email, password }) => `  ${email.padEnd(20)} ${password}`).join('\n')}

and these collections, which its owner and admin see all of:

${collections.map(({ name, items, shared }) => `  ${name.padEnd(14)} ${String(items).padStart(2)} ${items === 1 ? 'item ' : 'items'}  ${shared}`).join('\n')}

Sign in as one of them:

  curl ${url} -H 'content-type: application/json' \\
    -d '{"query":"mutation { login(input: { email: \\"${people[0]!.email}\\", password: \\"${people[0]!.password}\\" }) { session { accessToken } userErrors { message } } }"}'

and send the accessToken with the tenant:  -H 'authorization: Bearer <accessToken>' -H 'atlas-tenant: ${tenant}'
or ask as a partner with the key:          -H 'authorization: Bearer ${apiKey}'

  { collections { nodes { name viewerRole itemCount tags } } }    shows each of them what is theirs
  { search(query: "generator") { nodes { item { title } } } }           finds in it
  mutation { ask(input: { question: "How long are webhook deliveries kept?" }) { answer { text citations { passage item { title } } } } }
                                                                  answers from it, beside a running Atlas

`;
