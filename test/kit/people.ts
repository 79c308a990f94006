/** People for a test: registered through the graph, and then asking as themselves. */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decodeJwt } from 'jose';
import type { GraphAnswer } from '../../platform/graph.ts';
import type { SessionId, UserId } from '../../platform/ids.ts';
import type { RequestInfo } from '../../platform/request.ts';
import { userViewer, type Viewer } from '../../platform/viewer.ts';
import { startServices, type Kit } from './services.ts';

export interface Tokens { accessToken: string; refreshToken: string; expiresAt: string }
export interface Person { email: string; password: string; userId: UserId; session: Tokens; viewer: Viewer }

export const PASSWORD = 'a lighthouse of paper';
export const newEmail = (): string => `p${randomBytes(6).toString('hex')}@example.org`;

/** Who the gateway would make of this token. */
export function viewerOf({ accessToken }: Pick<Tokens, 'accessToken'>): Viewer {
  const { sub, sid } = decodeJwt(accessToken);
  return userViewer({ userId: sub as UserId, sessionId: sid as SessionId, tenantId: null, role: null });
}

const REGISTER = 'mutation($input: RegisterInput!) { register(input: $input) { user { id } session { accessToken refreshToken expiresAt } userErrors { code message path } } }';

export async function newPerson(kit: Kit, given: { email?: string; name?: string; password?: string } = {}, request: Partial<RequestInfo> = {}): Promise<Person> {
  const input = { email: newEmail(), name: 'Ann', password: PASSWORD, ...given };
  const { user, session } = payload(await kit.ask('users', REGISTER, { input }, undefined, request), 'register') as { user: { id: UserId }; session: Tokens };
  return { email: input.email, password: input.password, userId: user.id, session, viewer: viewerOf(session) };
}

/** A mutation's payload; what went wrong at the top, as an error. */
export function payload(answer: GraphAnswer, field: string): Record<string, any> {
  if (answer.errors) throw new Error(JSON.stringify(answer.errors));
  return answer.data![field] as Record<string, any>;
}

export const codeOf = (answer: GraphAnswer): string | undefined => answer.errors?.[0]?.extensions.code;

export type Relation = { userId: string; kind: 'PEER' | 'GUEST' };
export interface UsersAlone { kit: Kit; relations: Relation[]; asked: string[][]; stop(): Promise<void> }

/** The users service with a stand-in for tenants: it answers whatever `relations` holds. */
export async function startUsersAlone(env: Record<string, string> = {}): Promise<UsersAlone> {
  const relations: Relation[] = [];
  const asked: string[][] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { ids } = (JSON.parse(Buffer.concat(parts).toString()) as { variables: { ids: string[] } }).variables;
    asked.push(ids);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ data: { relations: relations.filter(({ userId }) => ids.includes(userId)) } }));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kit = await startServices(['users'], { env: { TENANTS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`, ...env } });
  return {
    kit, relations, asked,
    async stop() {
      await kit.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
