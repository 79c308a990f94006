/** The users service: accounts, and who is signed in. The one place where its four floors meet. */
import type { Database } from '../../platform/database/database.ts';
import { graphOf, type Slice } from '../../platform/graph.ts';
import { onceOver } from '../../platform/idempotency.ts';
import { loop } from '../../platform/loop.ts';
import { pagesOf } from '../../platform/page.ts';
import type { Resources, Service } from '../../platform/service.ts';
import { deskOver } from '../../platform/work.ts';
import { changePassword } from './application/change-password.ts';
import { checkSession, type CheckSession } from './application/check-session.ts';
import { findUsers, listSessions } from './application/find-users.ts';
import { logIn } from './application/log-in.ts';
import { logOut } from './application/log-out.ts';
import { makeDemoUsers } from './application/make-demo-users.ts';
import { onBudgetReached } from './application/on-budget-reached.ts';
import { onPasswordResetRequested } from './application/on-password-reset-requested.ts';
import { onUserRegistered } from './application/on-user-registered.ts';
import { onWebhookDisabled } from './application/on-webhook-disabled.ts';
import type { Kept, Tools } from './application/ports.ts';
import { refreshSession } from './application/refresh-session.ts';
import { emailTaken, registerUser } from './application/register-user.ts';
import { requestPasswordReset } from './application/request-password-reset.ts';
import { resetPassword } from './application/reset-password.ts';
import { revokeSession } from './application/revoke-session.ts';
import { rotateSigningKeyWhenDue } from './application/rotate-signing-key.ts';
import { updateProfile } from './application/update-profile.ts';
import { verifyEmail } from './application/verify-email.ts';
import type { Session } from './domain/session.ts';
import { argon2Passwords } from './infrastructure/argon2-passwords.ts';
import { askedManagers } from './infrastructure/asked-caretakers.ts';
import { askedRelations } from './infrastructure/asked-relations.ts';
import { bufferedLastSeen } from './infrastructure/buffered-last-seen.ts';
import { forgetExpired } from './infrastructure/forgotten.ts';
import { joseAccessTokens } from './infrastructure/jose-access-tokens.ts';
import { limitedAttempts } from './infrastructure/limited-attempts.ts';
import { listedCommonPasswords } from './infrastructure/listed-common-passwords.ts';
import { mailedLetters } from './infrastructure/mailed-letters.ts';
import { migrations } from './infrastructure/migrations/index.ts';
import { PostgresHandled } from './infrastructure/postgres-handled.ts';
import { PostgresOneTimeTokens } from './infrastructure/postgres-one-time-tokens.ts';
import { PostgresSessions } from './infrastructure/postgres-sessions.ts';
import { postgresSigningKeys, type KeptSigningKeys } from './infrastructure/postgres-signing-keys.ts';
import { PostgresUsers } from './infrastructure/postgres-users.ts';
import { refreshTokensWith, tokenMintWith } from './infrastructure/secret-tokens.ts';
import { SessionTable } from './infrastructure/session.table.ts';
import { UserTable } from './infrastructure/user.table.ts';
import { AccountResolver, LoginPayloadResolver, RegisterPayloadResolver, type AccountVerbs } from './presentation/account.resolver.ts';
import { contextWith } from './presentation/context.ts';
import { GatewayResolver } from './presentation/gateway.resolver.ts';
import { policy } from './presentation/policy.ts';
import { userReference } from './presentation/user-reference.ts';
import { SessionResolver, UserResolver } from './presentation/user.resolver.ts';
import { UserType } from './presentation/user.graph.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export const slice: Slice = {
  name: 'users',
  resolvers: [UserResolver, SessionResolver, AccountResolver, RegisterPayloadResolver, LoginPayloadResolver, GatewayResolver],
  types: [UserType],
  policy,
};

export async function start(resources: Resources): Promise<Service> {
  const { settings, log, secret, events } = resources;
  const database = await resources.openDatabase({ service: 'users', tables: [UserTable, SessionTable], migrations });
  const keys = postgresSigningKeys(database, secret);
  await keys.ensure();
  const lastSeen = bufferedLastSeen(database);
  const attempts = await limitedAttempts({ database, secret, log, redisUrl: settings.REDIS_URL });
  const tools = await toolsOf(resources, { desk: deskOf(database, events.told), attempts, keys });

  const letters = { ...tools, letters: mailedLetters(resources.mail, log), publicUrl: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}` };
  const warnings = { ...letters, managers: askedManagers(resources.ask), real: settings.SMTP_URL !== undefined };
  events.listen([onUserRegistered(letters), onPasswordResetRequested(letters), onWebhookDisabled(warnings), onBudgetReached(warnings)]);
  events.sweep({ name: 'users: forget what has expired', everyMs: HOUR_MS, round: forgetExpired(database) });
  events.sweep({ name: 'users: rotate the signing key', everyMs: HOUR_MS, round: rotateSigningKeyWhenDue({ keys }) });
  const seeing = loop({ name: 'users: last seen', everyMs: MINUTE_MS, log, round: lastSeen.write });

  return {
    name: 'users',
    graph: graphFor(resources, database, tools, { publicSet: keys.publicSet, checkSession: checkSession({ ...tools, lastSeen }) }),
    ready: () => database.ping(),
    async stop() {
      await seeing.stop();
      await lastSeen.write();
      await attempts.close();
    },
    demo: makeDemoUsers({ ...tools, passwordFor: (email) => `demo-${secret.mark('demo', email).slice(0, 16)}` }),
  };
}

async function toolsOf({ settings, secret }: Resources, given: Pick<Tools, 'desk' | 'attempts'> & { keys: KeptSigningKeys }): Promise<Tools> {
  return {
    desk: given.desk,
    attempts: given.attempts,
    passwords: await argon2Passwords(),
    common: listedCommonPasswords(),
    accessTokens: joseAccessTokens({ signing: given.keys.current, lifeSeconds: settings.ACCESS_TOKEN_SECONDS }),
    refreshTokens: refreshTokensWith(secret),
    mint: tokenMintWith(secret),
    sessionKeepMs: settings.SESSION_DAYS * DAY_MS,
    refreshGraceMs: settings.REFRESH_GRACE_SECONDS * 1_000,
  };
}

const deskOf = (database: Database, told: () => void) => deskOver<Kept>(database, {
  ports: (em, witness) => ({
    users: new PostgresUsers(em), sessions: new PostgresSessions(em), tokens: new PostgresOneTimeTokens(em), handled: new PostgresHandled(em), witness,
  }),
  conflicts: { user_email_key: emailTaken },
  told,
});

const graphFor = ({ secret, log, ask }: Resources, database: Database, tools: Tools, forGateway: { publicSet: () => Promise<string>; checkSession: CheckSession }) => graphOf({
  slice, log,
  resolvers: [
    new UserResolver({ listSessions: listSessions(tools), pages: pagesOf<Session>(secret, 'sessions', (session) => [session.id]) }),
    new SessionResolver(),
    new AccountResolver(verbsOf(tools)),
    new RegisterPayloadResolver(),
    new LoginPayloadResolver(),
    new GatewayResolver(forGateway),
  ],
  references: { User: userReference },
  context: contextWith({ findUsers: findUsers(tools), relations: askedRelations(ask), checkSession: forGateway.checkSession }),
  once: onceOver(database, secret),
});

const verbsOf = (tools: Tools): AccountVerbs => ({
  registerUser: registerUser(tools), logIn: logIn(tools), refreshSession: refreshSession(tools), logOut: logOut(tools), revokeSession: revokeSession(tools),
  changePassword: changePassword(tools), requestPasswordReset: requestPasswordReset(tools), resetPassword: resetPassword(tools),
  verifyEmail: verifyEmail(tools), updateProfile: updateProfile(tools),
});
