/** Mercurius' gateway, compiled queries on. It composes by itself from what the subgraphs say of themselves. */
import { readFileSync } from 'node:fs';
import Fastify from 'fastify';
import mercurius from '@mercuriusjs/gateway';

const [file, port] = process.argv.slice(2);
const services = [...readFileSync(file, 'utf8').matchAll(/@join__graph\(name: "(\w+)", url: "([^"]+)"\)/g)].map(([, name, url]) => ({
  name, url, mandatory: true, rewriteHeaders: (headers) => (headers?.authorization ? { authorization: headers.authorization } : {}),
}));

const app = Fastify();
app.register(mercurius, { path: '/graphql', jit: 1, gateway: { services } });
await app.listen({ port: Number(port), host: '127.0.0.1' });
