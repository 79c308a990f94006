/** The partner SDK: `new AtlasClient({ url, key })`, the generated documents, and pages as async iterators. */
export { AtlasClient, type AskEvent, type ClientOptions, type Document, type Session } from './client.ts';
export { InputError, RequestError } from './errors.ts';
export { nodesOf, type ConnectionData } from './pages.ts';
export * from './generated/graphql.ts';
