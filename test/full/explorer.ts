/** GraphiQL as somebody meets it who explores the graph, in a real browser; with a folder named, pictures of it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forgetFolder } from '../../platform/embedded/postgres-home.ts';
import { freePort } from '../kit/free-port.ts';
import { eventually } from '../kit/eventually.ts';
import { startBrowser, type Browser } from './browser.ts';
import { startFront, type Front } from './explorer-front.ts';
import { asksByKey, leavesNoToken, listens, makeAccount, MEMBERS, must, onATelephone, runQuery, seesCostAndPlan, seesTable, sharesIt, signsInAgain, staysWhenWanted, type Picture } from './explorer-steps.ts';

export async function run([pictures]: readonly string[]): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'atlas-explorer-'));
  const port = await freePort();
  const atlas = spawn(process.execPath, ['platform/start.mjs'], { env: { ...process.env, PORT: String(port), ATLAS_DATA: data, LOG_LEVEL: 'error' }, stdio: ['ignore', 'ignore', 'inherit'] });
  const stops: (() => Promise<void>)[] = [() => end(atlas)];
  try {
    await eventually('Atlas to be ready', () => fetch(`http://127.0.0.1:${port}/ready`).then((response) => response.ok, () => false), 60_000);
    const front = await startFront(`http://127.0.0.1:${port}`);
    stops.unshift(front.stop);
    for (const scheme of ['light', 'dark'] as const) {
      const browser = await startBrowser(front.url, scheme);
      stops.unshift(browser.close);
      const picture = pictures ? picturesIn(pictures, scheme) : async () => undefined;
      await journey(browser, front, scheme, picture).catch(async (error: unknown) => {
        for (const page of browser.context.pages()) await picture(page, 'failed');
        throw new Error(`${String(error)}\n${browser.faults.join('\n')}`);
      });
      must(browser.faults.length === 0, `In the browser:\n${browser.faults.join('\n')}`);
      await wouldHaveBeenSeen(browser);
    }
  } finally {
    for (const stop of stops) await stop();
    forgetFolder(join(data, 'postgres'));
    rmSync(data, { recursive: true, force: true });
  }
  process.stdout.write('The explorer did everything, in light and dark, and asked no other host.\n');
}

const picturesIn = (folder: string, scheme: string): Picture => {
  mkdirSync(folder, { recursive: true });
  return (page, name) => page.screenshot({ path: join(folder, `${name}-${scheme}.png`) });
};

async function journey(browser: Browser, front: Front, scheme: string, picture: Picture): Promise<void> {
  const page = await browser.open('/graphql');
  await page.getByLabel('E-mail').waitFor();
  await picture(page, 'sign-in');
  const person = await makeAccount(page, scheme);
  await picture(page, 'account');
  await runQuery(page, MEMBERS);
  await seesCostAndPlan(page, picture);
  await seesTable(page, person, picture);
  await sharesIt(browser, page, picture);
  await listens(page, front, picture);
  await leavesNoToken(page);
  await staysWhenWanted(page, person);
  await onATelephone(page, picture);
  await asksByKey(page);
  await signsInAgain(page, person);
}

/** The policy stands, and its breach is heard of: otherwise the silence of the journey says nothing. */
async function wouldHaveBeenSeen(browser: Browser): Promise<void> {
  const page = await browser.open('/graphql');
  await page.evaluate('fetch("https://other.example/").catch(() => undefined)');
  await page.evaluate('document.body.append(Object.assign(document.createElement("script"), { textContent: "window.ran = true" }))');
  await eventually('both breaches of the policy', () => browser.faults.filter((fault) => /content security policy/i.test(fault)).length >= 2);
  must(await page.evaluate('window.ran === undefined'), 'An inline script ran.');
}

const end = (child: ChildProcess) => new Promise<void>((resolve) => {
  if (child.exitCode !== null) return resolve();
  child.once('exit', () => resolve());
  child.kill('SIGTERM');
});
