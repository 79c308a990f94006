/** GraphiQL, served from this installation's own packages: it works offline, under a policy that lets no other host in. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Route } from '../../platform/serve.ts';

const require = createRequire(import.meta.url);
const packageFile = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);
const own = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const PANELS = [
  'account', 'asking', 'cost-and-plan', 'credentials', 'csv', 'elements', 'explorer', 'icons', 'keeping', 'letters', 'lists', 'observable', 'one-tab', 'plan', 'saved', 'saved-panel', 'share', 'sign-in', 'table',
].map((name) => `${name}.js`);
const STYLES = ['explorer.css', 'panels.css'];

/** graphql-ws has no one file for browsers: its client is a module that imports another, whose name changes with the version. */
const SOCKET_CLIENT = packageFile('graphql-ws', 'dist/client.js');
const SOCKET_FILES = ['client.js', ...[...readFileSync(SOCKET_CLIENT, 'utf8').matchAll(/from '\.\/([\w.-]+\.js)'/g)].map(([, file]) => file!)];

const FILES: Record<string, string> = {
  'react.js': packageFile('react', 'umd/react.production.min.js'),
  'react-dom.js': packageFile('react-dom', 'umd/react-dom.production.min.js'),
  'graphiql.js': packageFile('graphiql', 'graphiql.min.js'),
  'graphiql.css': packageFile('graphiql', 'graphiql.min.css'),
  ...Object.fromEntries([...PANELS, ...STYLES].map((name) => [name, own(name)])),
  ...Object.fromEntries(SOCKET_FILES.map((name) => [`graphql-ws/${name}`, join(dirname(SOCKET_CLIENT), name)])),
};

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Atlas · GraphiQL</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/graphiql/graphiql.css">
${STYLES.map((name) => `<link rel="stylesheet" href="/graphiql/${name}">`).join('\n')}
<main id="explorer">Loading GraphiQL…</main>
<script src="/graphiql/react.js"></script>
<script src="/graphiql/react-dom.js"></script>
<script src="/graphiql/graphiql.js"></script>
<script type="module" src="/graphiql/explorer.js"></script>
</html>
`;

/** Not every browser takes a socket to this host for 'self'. What is no host's name is not repeated. */
const socketsTo = (host = ''): string => (/^[\w.:[\]-]+$/.test(host) ? ` ws://${host} wss://${host}` : '');

// GraphiQL's dialogs write a style of their own; scripts come from here alone.
const policyFor = (host: string | undefined): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'${socketsTo(host)}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The page itself: what a browser gets that opens /graphql. */
export const graphiqlPage: Route = async (request, response) => {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8', 'content-security-policy': policyFor(request.headers.host), 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cross-origin-opener-policy': 'same-origin', 'cache-control': 'no-cache',
  });
  response.end(PAGE);
};

/** The links of letters lead to the root; a browser takes what stands after their # along. */
export const toGraphiql: Route = async (_, response) => void response.writeHead(302, { location: '/graphql' }).end();

export const wantsPage = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false;

/** Its scripts and styles, by path. Asked for each time by its mark, so that no page runs half of another version. */
export const graphiqlFiles: Record<string, Route> = Object.fromEntries(Object.entries(FILES).map(([name, file]): [string, Route] => {
  let read: Promise<{ content: Buffer; etag: string }> | undefined;
  return [`/graphiql/${name}`, async (request, response) => {
    read ??= readFile(file).then((content) => ({ content, etag: `"${createHash('sha256').update(content).digest('base64url')}"` }));
    const { content, etag } = await read;
    const known = request.headers['if-none-match'] === etag;
    response.writeHead(known ? 304 : 200, { 'content-type': `text/${name.endsWith('.css') ? 'css' : 'javascript'}; charset=utf-8`, 'cache-control': 'no-cache', etag, 'x-content-type-options': 'nosniff' });
    response.end(known ? undefined : content);
  }];
}));
