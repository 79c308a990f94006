/** Atlas with its whole pipeline over the bench's subgraphs, each over HTTP with a signed viewer: `full.ts <supergraph> <port>`. */
import { readFileSync } from 'node:fs';
import type { Database } from '../../../platform/database/database.ts';
import { httpReach } from '../../../platform/reach/http-reach.ts';
import { openLine } from '../../../platform/reach/line.ts';
import { viewerSigner } from '../../../platform/viewer-header.ts';
import { servePipeline } from './pipeline.ts';

const [file, port] = process.argv.slice(2) as [string, string];
const keptNowhere = { service: 'gateway', transaction: (_: unknown, __: unknown, work: (em: unknown) => unknown) => work({ execute: async () => [] }) } as unknown as Database;
const signer = await viewerSigner(keptNowhere);
await servePipeline({
  sdl: readFileSync(file, 'utf8'), port,
  reaches: (subgraphs, { settings, log }) => new Map(subgraphs.map(({ name, url }) => [name, httpReach({ service: name as never, url, line: openLine({ service: name, url, settings, log }), signer: () => signer })])),
});
