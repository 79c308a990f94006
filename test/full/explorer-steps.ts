/** What somebody does who explores the graph, step by step; each throws with what it did not see. */
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { eventually } from '../kit/eventually.ts';
import type { Browser } from './browser.ts';
import type { Front } from './explorer-front.ts';

const PASSWORD = 'a lighthouse of paper';
export const MEMBERS = 'query Members($first: Int) {\n  tenant {\n    name\n    members(first: $first) {\n      nodes { role joinedAt user { name email } }\n    }\n  }\n}\n';

export type Picture = (page: Page, name: string) => Promise<unknown>;

/** What a step sees when it went wrong, in one sentence. */
export function must(held: unknown, sentence: string): asserts held {
  if (!held) throw new Error(sentence);
}

export async function makeAccount(page: Page, scheme: string): Promise<{ email: string }> {
  const email = `ada-${scheme}@example.org`;
  await page.getByLabel('New account').check();
  await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill('short');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('alert').filter({ hasText: /password/i }).waitFor();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByText('Signed in as').waitFor();
  await page.getByText('New tenant').waitFor();
  if (!await page.getByLabel('Name of the tenant').isVisible()) await page.getByText('New tenant').click();
  await page.getByLabel('Name of the tenant').fill(`Engines ${scheme}`);
  await page.getByRole('button', { name: 'Make it' }).click();
  await page.getByRole('radio', { name: new RegExp(`engines-${scheme} · owner`) }).and(page.locator(':checked')).waitFor();
  await page.locator('.graphiql-logo').filter({ hasText: `Ada Lovelace in engines-${scheme}` }).waitFor();
  return { email };
}

/** Written and run by the keyboard alone. */
export async function runQuery(page: Page, text: string): Promise<void> {
  await page.locator('.graphiql-query-editor .CodeMirror').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
  // GraphiQL reads what was written a moment later, and names the tab after it.
  await page.getByRole('tab', { name: /^\w+ (\w+)/.exec(text)![1]! }).first().waitFor();
  await page.keyboard.press('ControlOrMeta+Enter');
}

export async function seesCostAndPlan(page: Page, picture: Picture): Promise<void> {
  await page.getByRole('button', { name: 'Show Cost and plan' }).click();
  await page.locator('.atlas-step-title', { hasText: 'Ask tenants' }).waitFor();
  await page.locator('.atlas-step-title', { hasText: 'Ask users' }).waitFor();
  await page.locator('.atlas-figures').getByText(/ms$/).waitFor();
  // Only a gateway without viewers tells no cost.
  if ((await page.locator('.graphiql-response').textContent())?.includes('"cost"')) await page.getByText(/points are left/).waitFor();
  await page.getByText('As text').click();
  must((await page.locator('.atlas-more .atlas-text').textContent())?.startsWith('QueryPlan {'), 'The plan is not there as text.');
  must(!(await page.locator('.graphiql-response').textContent())?.includes('QueryPlan'), 'The plan buries the answer.');
  await page.getByText('As text').click();
  await picture(page, 'plan');
}

export async function seesTable(page: Page, { email }: { email: string }, picture: Picture): Promise<void> {
  await page.getByRole('button', { name: 'Show Table' }).click();
  await page.getByRole('cell', { name: email }).waitFor();
  await runQuery(page, 'query Scopes { apiKeyScopes { name description reaches } }');
  const names = page.locator('.atlas-sheet tbody tr td:first-child');
  await page.getByRole('cell', { name: 'tenants:read' }).waitFor();
  await page.getByRole('columnheader', { name: 'name' }).getByRole('button').click();
  const ascending = await names.allTextContents();
  await page.getByRole('columnheader', { name: 'name' }).getByRole('button').click();
  must(ascending.length > 1 && ascending.toReversed().join() === (await names.allTextContents()).join(), 'The table is not sorted both ways.');
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Download CSV' }).click()]);
  const csv = readFileSync(await file.path(), 'utf8');
  must(file.suggestedFilename() === 'apiKeyScopes.csv' && csv.startsWith('\ufeffname,description,reaches\r\n') && csv.includes('tenants:read'), `The CSV is another: ${csv.slice(0, 200)}`);
  await picture(page, 'table');
}

export async function sharesIt(browser: Browser, page: Page, picture: Picture): Promise<void> {
  await page.getByRole('button', { name: 'Show Saved' }).click();
  await page.getByLabel('Name for what is in the editor').fill('Scopes of keys');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Copy a link to Scopes of keys' }).click();
  const link = await page.getByRole('link', { name: 'open it' }).getAttribute('href');
  must(link && link === await page.evaluate('navigator.clipboard.readText()') && /^http:\/\/127\.0\.0\.1:\d+\/graphql#query=[\w-]+$/.test(link), `The link is another: ${link}`);
  await picture(page, 'saved');
  const second = await browser.open(new URL(link).pathname + new URL(link).hash);
  await second.locator('.graphiql-query-editor').getByText('apiKeyScopes').first().waitFor();
  must(!second.url().includes('#'), 'The query stays in the address.');
  await second.locator('.graphiql-logo').filter({ hasText: 'not signed in' }).waitFor();
  await second.goto('about:blank');
  await second.goto(`${new URL(link).origin}/#verify-email=ver_1a2b`);
  await second.locator('.graphiql-query-editor').getByText('ver_1a2b').first().waitFor();
  await second.close();
}

export async function listens(page: Page, front: Front, picture: Picture): Promise<void> {
  await runQuery(page, 'subscription Beats { beats { number listener } }');
  await page.locator('.graphiql-response').getByText('somebody').first().waitFor();
  await eventually('the third beat', async () => /"number": ([3-9]|\d\d)/.test(await page.locator('.graphiql-response').textContent() ?? ''));
  const { authorization, 'atlas-tenant': tenant } = front.introduced.at(-1)!;
  must(/^Bearer \S+$/.test(String(authorization)) && String(tenant).startsWith('engines-'), 'The socket did not say who listens.');
  await picture(page, 'subscription');
  await page.getByRole('button', { name: /^Stop query/ }).click();
  await eventually('the stream to end where it comes from', () => front.listening() === 0);
}

/** As the page stands, a reload forgets; nothing of a token is in any storage. */
export async function leavesNoToken(page: Page): Promise<void> {
  const kept = await page.evaluate<string>('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href, document.cookie])');
  must(!/eyJ|Bearer|accessToken|refreshToken/.test(kept), `A token was kept: ${kept}`);
}

export async function staysWhenWanted(page: Page, { email }: { email: string }): Promise<void> {
  await page.getByRole('button', { name: 'Show Account' }).click();
  await page.getByLabel('Remember me in this browser tab').check();
  await page.reload();
  await page.getByText(email).waitFor();
  must(!/eyJ|accessToken/.test(await page.evaluate<string>('JSON.stringify({ ...localStorage })')), 'A token is where it outlives the tab.');
}

export async function onATelephone(page: Page, picture: Picture): Promise<void> {
  await page.setViewportSize({ width: 400, height: 800 });
  await page.getByRole('button', { name: 'Hide Account' }).click();
  await runQuery(page, MEMBERS);
  await page.locator('.graphiql-response').getByText('"members"').waitFor();
  must(await page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth'), 'The page is wider than the screen.');
  await picture(page, 'narrow-query');
  for (const [panel, shows] of [['Cost and plan', 'Ask users'], ['Table', 'Download CSV'], ['Saved', 'Scopes of keys'], ['Account', 'New tenant']] as const) {
    await page.getByRole('button', { name: `Show ${panel}` }).click();
    await page.getByRole('region', { name: panel }).getByText(shows).first().waitFor();
    await picture(page, `narrow-${panel.toLowerCase().replaceAll(' ', '-')}`);
  }
  await page.setViewportSize({ width: 1_280, height: 800 });
}

/** A key is made in the editor and pasted: from then on the schema and the answers are its own. */
export async function asksByKey(page: Page): Promise<void> {
  await runQuery(page, 'mutation MakeKey { createApiKey(input: { name: "explorer", scopes: ["tenants:read"] }) { secret userErrors { message } } }');
  const key = await eventually('the key', async () => /atl_\w+/.exec(await page.locator('.graphiql-response').textContent() ?? '')?.[0]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('radio', { name: 'API key' }).check();
  await page.getByRole('textbox', { name: 'API key' }).fill('atl_live_nonsense');
  await page.getByRole('button', { name: 'Use this key' }).click();
  await page.getByRole('alert').filter({ hasText: /.+/ }).waitFor();
  await page.getByRole('textbox', { name: 'API key' }).fill(key);
  const [introspection] = await Promise.all([
    page.waitForRequest((request) => request.headers().authorization === `Bearer ${key}` && !!request.postData()?.includes('IntrospectionQuery')),
    page.getByRole('button', { name: 'Use this key' }).click(),
  ]);
  must((await introspection.response())?.ok(), 'The schema was not asked for with the key.');
  await runQuery(page, 'query Mine { tenant { slug } }');
  await page.locator('.graphiql-response').getByText(/"engines-/).waitFor();
  must(!(await page.evaluate<string>('JSON.stringify({ ...localStorage })')).includes(key), 'The key is where it outlives the tab.');
  await page.getByRole('button', { name: 'Put the key away' }).click();
}

export async function signsInAgain(page: Page, { email }: { email: string }): Promise<void> {
  await page.getByRole('radio', { name: 'Sign in' }).check();
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByText('Signed in as').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('E-mail').waitFor();
}
