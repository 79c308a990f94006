/**
 * Atlas with its whole pipeline and the bench's four services in one process, as `npm start` has them: `inprocess.ts <supergraph>
 * <dataset> <port>`. The services are the platform's own graphs, every field of them held to a row of a policy; only their
 * resolvers answer from memory.
 */
import { readFileSync } from 'node:fs';
import { guard } from '../../../platform/graph-guard.ts';
import { answering } from '../../../platform/graph.ts';
import { holder } from '../../../platform/policy.ts';
import { localReach } from '../../../platform/reach/reach.ts';
import type { Dataset } from '../world/data.ts';
import { executable } from '../world/graphs.ts';
import type { Subgraph } from '../world/schemas.ts';
import { servePipeline } from './pipeline.ts';

// A profile is written when a process ends by itself.
process.once('SIGTERM', () => process.exit());

const [file, dataset, port] = process.argv.slice(2) as [string, Dataset, string];
await servePipeline({
  sdl: readFileSync(file, 'utf8'), port,
  reaches: (subgraphs, { log }) => new Map(subgraphs.map(({ name }) => {
    const schema = executable(name as Subgraph, dataset);
    const fields = Object.values(schema.getTypeMap()).flatMap((type) => ('getFields' in type ? Object.keys(type.getFields()).map((field) => `${type.name}.${field}`) : []));
    const outside = new Set(['Query._entities', 'Query._service']);
    guard(schema, new Map(fields.filter((field) => !field.startsWith('__') && !outside.has(field)).map((field) => [field, holder])), { references: {}, once: ({ run }) => run() });
    const graph = answering({ name: name as never, schema, context: (viewer) => ({ viewer }), log });
    return [name, localReach(() => graph)];
  })),
});
