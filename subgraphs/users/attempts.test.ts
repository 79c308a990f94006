import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { codeOf, newEmail, newPerson, PASSWORD, startUsersAlone, type Person, type UsersAlone } from '../../test/kit/people.ts';
import { startServices } from '../../test/kit/services.ts';

let users: UsersAlone;
beforeAll(async () => { users = await startUsersAlone(); });
afterAll(() => users.stop());
afterEach(() => sql('DELETE FROM users.attempt'));

async function sql(text: string): Promise<any[]> {
  const client = new pg.Client({ connectionString: users.kit.database.ownerUrl });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

const LOGIN = 'mutation($input: LoginInput!) { login(input: $input) { session { accessToken } userErrors { code } } }';
const login = (email: string, password: string, address = '192.0.2.1') => users.kit.ask('users', LOGIN, { input: { email, password } }, undefined, { address });
const outcome = async (answer: ReturnType<typeof login>): Promise<string> => {
  const { data, errors } = await answer;
  const { session, userErrors } = (data?.login ?? {}) as { session?: object | null; userErrors?: { code: string }[] };
  return errors ? codeOf({ errors })! : session ? 'in' : userErrors![0]!.code;
};
const fail = async ({ email }: Pick<Person, 'email'>, times: number, address?: string) => {
  for (let i = 0; i < times; i += 1) await login(email, 'not the password', address);
};

describe('sign-in', () => {
  it('refuses the sixth attempt on an account from one address, right or wrong, and says when to come again', async () => {
    const ann = await newPerson(users.kit);
    await fail(ann, 5);
    const refused = await login(ann.email, PASSWORD);
    expect(refused.errors![0]!.extensions).toMatchObject({ code: 'TOO_MANY_ATTEMPTS', status: 429, retryable: true, retryAfterSeconds: 900 });
  });
  it('leaves the owner alone who comes from another address', async () => {
    const ann = await newPerson(users.kit);
    await fail(ann, 8);
    expect(await outcome(login(ann.email, PASSWORD, '198.51.100.7'))).toBe('in');
  });
  it('counts every alias of one document', async () => {
    const ann = await newPerson(users.kit);
    const aliases = Array.from({ length: 10 }, (_, i) => `a${i}: login(input: { email: "${ann.email}", password: "not the password" }) { userErrors { code } }`);
    const { errors, data } = await users.kit.ask('users', `mutation { ${aliases.join(' ')} }`);
    expect(data ?? null).toBeNull();
    expect(errors![0]!.extensions.code).toBe('TOO_MANY_ATTEMPTS');
    expect(await outcome(login(ann.email, PASSWORD))).toBe('TOO_MANY_ATTEMPTS');
  });
  it('counts attempts that come at once', async () => {
    const ann = await newPerson(users.kit);
    const outcomes = await Promise.all(Array.from({ length: 12 }, () => outcome(login(ann.email, 'not the password'))));
    expect(outcomes.filter((one) => one === 'CREDENTIALS_WRONG')).toHaveLength(5);
  });
  it('blocks twice as long the next time', async () => {
    const ann = await newPerson(users.kit);
    await fail(ann, 6);
    await sql(`UPDATE users.attempt SET expire = 0 WHERE key LIKE 'pair:%'`); // as if the first block were over
    await fail(ann, 5);
    expect((await login(ann.email, PASSWORD)).errors![0]!.extensions.retryAfterSeconds).toBe(1_800);
  });
  it('forgets the failures of whoever then succeeds', async () => {
    const ann = await newPerson(users.kit);
    for (const _ of [1, 2, 3]) {
      await fail(ann, 4);
      expect(await outcome(login(ann.email, PASSWORD))).toBe('in');
    }
  });
  it('refuses an address that fails on fifty accounts, and counts all of an IPv6 network as one', async () => {
    for (let i = 0; i < 50; i += 1) await login(newEmail(), 'not the password', `2001:db8:1:2::${i.toString(16)}`);
    expect(await outcome(login(newEmail(), 'not the password', '2001:db8:1:2:ffff::1'))).toBe('TOO_MANY_ATTEMPTS');
    expect(await outcome(login(newEmail(), 'not the password', '2001:db8:1:3::1'))).toBe('CREDENTIALS_WRONG');
  });
  it('refuses an account that a hundred addresses guess at', async () => {
    const ann = await newPerson(users.kit);
    for (let i = 0; i < 20; i += 1) await fail(ann, 5, `198.51.100.${i}`);
    expect(await outcome(login(ann.email, PASSWORD, '203.0.113.9'))).toBe('TOO_MANY_ATTEMPTS');
  });
  it('does not let one address use up what all may', async () => {
    const ann = await newPerson(users.kit);
    await fail(ann, 40, '198.51.100.1');
    const [account] = await sql(`SELECT points FROM users.attempt WHERE key LIKE 'account:%' ORDER BY points DESC LIMIT 1`);
    expect(account.points).toBe(5);
  });
  it('survives a restart, and is shared with other processes', async () => {
    const ann = await newPerson(users.kit);
    await fail(ann, 5);
    const { url, ownerUrl } = users.kit.database;
    const other = await startServices(['users'], { env: { TENANTS_URL: 'http://127.0.0.1:9/graphql', DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, ATLAS_SECRET: (await import('node:fs')).readFileSync(`${users.kit.atlas.host.resourcesFor('users').settings.ATLAS_DATA}/secret`, 'utf8') } });
    try {
      expect(codeOf(await other.ask('users', LOGIN, { input: { email: ann.email, password: PASSWORD } }))).toBe('TOO_MANY_ATTEMPTS');
    } finally {
      await other.stop();
    }
  });
  it('keeps neither e-mails nor addresses', async () => {
    const ann = await newPerson(users.kit);
    await fail(ann, 1);
    expect(JSON.stringify(await sql('SELECT * FROM users.attempt'))).not.toMatch(new RegExp(`${ann.email}|192\\.0\\.2`));
  });
});

describe('other doors', () => {
  it.each([
    ['requestPasswordReset', 'mutation($email: String!) { requestPasswordReset(input: { email: $email }) { userErrors { code } } }'],
    ['register of a taken e-mail', `mutation($email: String!) { register(input: { email: $email, name: "Ann", password: "${PASSWORD}" }) { userErrors { code } } }`],
  ])('refuses the sixth %s', async (_, document) => {
    const ann = await newPerson(users.kit);
    for (let i = 0; i < 5; i += 1) expect((await users.kit.ask('users', document, { email: ann.email })).errors).toBeUndefined();
    expect(codeOf(await users.kit.ask('users', document, { email: ann.email }))).toBe('TOO_MANY_ATTEMPTS');
    expect(await outcome(login(ann.email, PASSWORD))).toBe('in');
  });
  it('refuses whoever tries fifty tokens', async () => {
    const verify = () => users.kit.ask('users', 'mutation { verifyEmail(input: { token: "made up" }) { userErrors { code } } }');
    for (let i = 0; i < 50; i += 1) await verify();
    expect(codeOf(await verify())).toBe('TOO_MANY_ATTEMPTS');
  });
  it('refuses whoever guesses the current password of a session', async () => {
    const ann = await newPerson(users.kit);
    const change = () => users.kit.ask('users', 'mutation { changePassword(input: { currentPassword: "not the one", newPassword: "another lighthouse" }) { userErrors { code } } }', {}, ann.viewer);
    for (let i = 0; i < 5; i += 1) await change();
    expect(codeOf(await change())).toBe('TOO_MANY_ATTEMPTS');
  });
});
