/**
 * The floor: the calls of the plan, step after step, over undici, and an answer that was made beforehand. It reads no
 * question, no answer, and shares nothing; what a gateway costs beyond it is its own work.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Pool } from 'undici';

const [file, port] = process.argv.slice(2);
const { steps, answer } = JSON.parse(readFileSync(file, 'utf8'));
const body = Buffer.from(answer);
const pools = new Map();
const poolOf = (origin) => pools.get(origin) ?? pools.set(origin, new Pool(origin, { connections: 64, pipelining: 1 })).get(origin);
const calls = steps.map((step) => step.map(({ url, body: text }) => ({ pool: poolOf(new URL(url).origin), path: new URL(url).pathname, body: Buffer.from(text) })));

const call = async ({ pool, path, body: text }, authorization) => {
  const response = await pool.request({ method: 'POST', path, headers: { 'content-type': 'application/json', authorization }, body: text });
  await response.body.arrayBuffer();
};

createServer((request, response) => {
  request.resume();
  request.on('end', async () => {
    for (const step of calls) await Promise.all(step.map((one) => call(one, request.headers.authorization ?? '')));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
  });
}).listen(Number(port), '127.0.0.1');
