/** `npx atlas demo`: a tenant to look around in, with a person of each role and a key. Run it as often as you like: the same come out. */
import type { Service, ServiceName } from './service.ts';

interface Person { email: string; password: string; userId: string }
interface DemoTenant { tenant: string; apiKey: string }

export async function makeDemo(services: ReadonlyMap<ServiceName, Service>): Promise<{ people: Person[] } & DemoTenant> {
  const people = await services.get('users')!.demo!(null) as Person[];
  const made = await services.get('tenants')!.demo!({ users: people.map(({ email, userId }) => ({ email, userId })) }) as DemoTenant;
  return { people, ...made };
}

export const demoText = ({ people, tenant, apiKey }: { people: Person[] } & DemoTenant, url: string): string => `
The tenant "${tenant}" has a person of each role:

${people.map(({ email, password }) => `  ${email.padEnd(20)} ${password}`).join('\n')}

Sign in as one of them:

  curl ${url} -H 'content-type: application/json' \\
    -d '{"query":"mutation { login(input: { email: \\"${people[0]!.email}\\", password: \\"${people[0]!.password}\\" }) { session { accessToken } userErrors { message } } }"}'

and send the accessToken with the tenant:  -H 'authorization: Bearer <accessToken>' -H 'atlas-tenant: ${tenant}'
or ask as a partner with the key:          -H 'authorization: Bearer ${apiKey}'

`;
