/** What a start prints when everything is up: where it answers, what it stands on, and a first query to try. */
import type { Settings } from './config.ts';
import type { ServiceName, SubgraphName } from './names.ts';
import { answers, type Parts } from './parts.ts';

interface Up { url: string | null; listening: Partial<Record<ServiceName, string>>; report: readonly { what: string; how: string }[] }

export function greeting(atlas: Up, parts: Parts, settings: Settings, ms: number): string {
  const where = Object.entries(atlas.listening).map(([name, url]) => `  ${name.padEnd(10)} ${name === 'gateway' || answers(parts, name as SubgraphName) ? `${url}/graphql` : `${parts.get(name as SubgraphName) === 'jobs' ? 'runs jobs' : 'handles events'}; ${url}/ready says how it is`}`);
  const stands = atlas.report.map(({ what, how }) => `  ${what.padEnd(10)} ${how}`);
  const first = atlas.url ? `
  First query:

    curl ${atlas.url}/graphql -H 'content-type: application/json' \\
      -d '{"query":"{ apiKeyScopes { name description } }"}'

${settings.GRAPHIQL ?? !settings.production ? `  In a browser ${atlas.url}/graphql opens GraphiQL.\n` : ''}  ${atlas.url}/health and /ready say how it is. Ctrl-C stops it.
` : '';
  return `\nAtlas is up (${(ms / 1_000).toFixed(1)} s).\n\n${[...where, ...stands].join('\n')}\n${first}\n`;
}
