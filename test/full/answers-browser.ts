/** A page of a real browser that asks with the typed client, and is loaded anew in the middle of the answer, several times: it goes on by the cursor that it kept, and shows each token once. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { modelServer } from '../kit/model-server.ts';
import { startServices, WHOLE } from '../kit/services.ts';
import { eventually } from '../kit/eventually.ts';
import { AskWholeDocument, AtlasClient, CreateCollectionDocument, CreateItemDocument, CreateTenantDocument, RegisterDocument } from '../../clients/typescript/index.ts';
import { startBrowser } from './browser.ts';

const PATH = '/a-page-that-asks';
const QUESTION = 'Where do grey herons nest?';
const TOKENS = 40;
const RELOADS = 4;
/** What a page would do: keep what it has in the session of the tab, and go on with it when it is loaded anew. */
const PAGE = `
  import { AtlasClient } from './index.ts';
  const kept = JSON.parse(sessionStorage.getItem('asked') ?? 'null') ?? { text: '', tokens: 0, cited: 0, cursor: null };
  const { session, question } = JSON.parse(localStorage.getItem('who'));
  const show = () => { sessionStorage.setItem('asked', JSON.stringify(kept)); document.body.textContent = kept.text; document.body.dataset.tokens = String(kept.tokens); };
  show();
  const client = new AtlasClient({ url: '/graphql', session, tenant: 'birds' });
  for await (const event of client.ask(kept.cursor ? { question: '', resumeFrom: kept.cursor } : { question })) {
    kept.cursor = event.cursor;
    if (event.__typename === 'Token') { kept.text += event.text; kept.tokens += 1; }
    if (event.__typename === 'Cited') kept.cited += 1;
    show();
  }
  document.body.dataset.done = String(kept.cited);
`;

/** What it saw, in a sentence; throws when it is not what was said. */
export async function reloadedInTheMiddle(): Promise<string> {
  const { outputFiles: [script] } = await build({ stdin: { contents: PAGE, resolveDir: fileURLToPath(new URL('../../clients/typescript', import.meta.url)), loader: 'ts' }, bundle: true, format: 'esm', target: 'es2022', write: false });
  const server = await modelServer();
  const kit = await startServices(WHOLE, { env: { AI_CACHE: 'off', AI_MODELS: 'openai', OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm', OPENAI_PRICE: '1/2', LOG_LEVEL: 'warn' } });
  const origin = new URL(kit.atlas.url!).origin;
  const browser = await startBrowser(origin);
  try {
    const text = Array.from({ length: TOKENS }, (_, n) => `Grey herons nest in tall trees near water [1] ${n} `);
    server.does({ text: ['Grey herons nest in tall trees near water [1].'] });
    const session = await knowingAnn(`${origin}/graphql`);
    server.does({ text, everyMs: 100 });
    const before = server.asked.length;
    await browser.context.route(`**${PATH}`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><link rel="icon" href="data:,"><body></body><script type="module">${script!.text.replaceAll('</script', '<\\/script')}</script>` }));
    await browser.context.addInitScript(`if (location.protocol === 'http:') localStorage.setItem('who', ${JSON.stringify(JSON.stringify({ session, question: QUESTION }))})`);
    const page = await browser.open(PATH);
    for (let n = 1; n <= RELOADS; n += 1) {
      await page.waitForFunction(`Number(document.body.dataset.tokens) >= ${n * 3}`);
      await page.reload();
    }
    await page.waitForFunction('document.body.dataset.done !== undefined');
    const shown = await page.evaluate("[JSON.parse(sessionStorage.getItem('asked')).text, document.body.dataset.done]") as [string, string];
    const [said, cited] = shown;
    if (said !== text.join('') || cited !== '1' || server.asked.length - before !== 1) throw new Error(`It shows ${JSON.stringify(said)}, cited ${cited} times, and the model was asked ${server.asked.length - before} times.`);
    if (browser.faults.length > 0) throw new Error(`In the browser:\n${browser.faults.join('\n')}`);
    return `a page that was loaded anew ${RELOADS} times in the middle of its answer shows its ${TOKENS} pieces once each, in order; the model was asked once`;
  } finally {
    await browser.close();
    await kit.stop();
    await server.stop();
  }
}

async function knowingAnn(url: string) {
  const { register } = await new AtlasClient({ url }).mutate(RegisterDocument, { input: { email: 'ann@example.com', password: 'a long enough pass phrase', name: 'Ann' } });
  const session = register!.session!;
  await new AtlasClient({ url, session }).mutate(CreateTenantDocument, { input: { name: 'Birds', slug: 'birds' } });
  const ann = new AtlasClient({ url, session, tenant: 'birds' });
  const { createCollection } = await ann.mutate(CreateCollectionDocument, { input: { name: 'Waders' } });
  await ann.mutate(CreateItemDocument, { input: { collectionId: createCollection!.collection!.id, title: 'Herons', body: 'Grey herons nest in tall trees near water.' } });
  await eventually('the item to be known', async () => (await ann.mutate(AskWholeDocument, { input: { question: QUESTION } })).ask!.answer!.answered, 60_000);
  return session;
}
