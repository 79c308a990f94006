/** GraphiQL, served from this installation's own packages: it works offline, under a policy that lets no other host in. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Route } from '../../platform/serve.ts';

const require = createRequire(import.meta.url);
const packageFile = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);
const own = (file: string) => fileURLToPath(new URL(file, import.meta.url));

const FILES: Record<string, { file: () => string; type: string }> = {
  'react.js': { file: () => packageFile('react', 'umd/react.production.min.js'), type: 'text/javascript' },
  'react-dom.js': { file: () => packageFile('react-dom', 'umd/react-dom.production.min.js'), type: 'text/javascript' },
  'graphiql.js': { file: () => packageFile('graphiql', 'graphiql.min.js'), type: 'text/javascript' },
  'graphiql.css': { file: () => packageFile('graphiql', 'graphiql.min.css'), type: 'text/css' },
  'explorer.js': { file: () => own('./explorer.js'), type: 'text/javascript' },
  'explorer.css': { file: () => own('./explorer.css'), type: 'text/css' },
};

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Atlas · GraphiQL</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/graphiql/graphiql.css">
<link rel="stylesheet" href="/graphiql/explorer.css">
<div id="explorer">Loading GraphiQL…</div>
<script src="/graphiql/react.js"></script>
<script src="/graphiql/react-dom.js"></script>
<script src="/graphiql/graphiql.js"></script>
<script src="/graphiql/explorer.js"></script>
</html>
`;

// GraphiQL's editor writes style attributes; scripts come from here alone.
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src 'self' data:; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** The page itself: what a browser gets that opens /graphql. */
export const graphiqlPage: Route = async (_, response) => {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY, 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer', 'cache-control': 'no-cache',
  });
  response.end(PAGE);
};

/** The links of letters lead to the root; a browser takes what stands after their # along. */
export const toGraphiql: Route = async (_, response) => void response.writeHead(302, { location: '/graphql' }).end();

export const wantsPage = (accept: string | undefined): boolean => accept?.includes('text/html') ?? false;

/** Its scripts and styles, by path. */
export const graphiqlFiles: Record<string, Route> = Object.fromEntries(Object.entries(FILES).map(([name, { file, type }]): [string, Route] => {
  let content: Promise<Buffer> | undefined;
  return [`/graphiql/${name}`, async (_, response) => {
    content ??= readFile(file());
    response.writeHead(200, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'public, max-age=3600', 'x-content-type-options': 'nosniff' });
    response.end(await content);
  }];
}));
