/**
 * The floor of `bench collections`: node:http and pg, nothing between them. It reads no document; a question's row is looked up by
 * the name of the operation, and role, settings, statement and COMMIT go to the server as one text, in one round trip.
 */
import { createServer } from 'node:http';
import pg from 'pg';

const [port, connectionString, poolMax, settings] = process.argv.slice(2);
const { role, ...said } = JSON.parse(settings);
const pool = new pg.Pool({ connectionString, max: Number(poolMax) });
const scope = `SET LOCAL ROLE ${role}; ${Object.entries(said).map(([name, value]) => `SET LOCAL ${name} = ${pg.escapeLiteral(value)}`).join('; ')}`;
const COLUMNS = 'i.id, i.title, i.body, i.url, i.tags, i.metadata, i.version, i.created_at AS "createdAt", i.updated_at AS "updatedAt"';

const ask = async (begin, sql) => (await pool.query(`${begin}; ${scope}; ${sql}; COMMIT`)).at(-2).rows;
const id = (value) => { if (!/^\w{10,40}$/.test(value)) throw new Error('No id.'); return `'${value}'`; };

const answers = {
  point: async ({ id: item }) => (await ask('BEGIN READ ONLY', `SELECT ${COLUMNS} FROM collections.item i WHERE i.id = ${id(item)}`))[0],
  list: async ({ id: collection }) => ask('BEGIN READ ONLY', `
    SELECT i.id, i.title, i.tags, i.updated_at AS "updatedAt", json_build_object('id', c.id, 'name', c.name) AS collection,
      (SELECT json_agg(r) FROM (SELECT r.version, r.at FROM collections.revision r WHERE r.item_id = i.id ORDER BY r.version DESC LIMIT 1) AS r) AS revisions
    FROM (SELECT * FROM collections.item WHERE collection_id = ${id(collection)} AND deleted_at IS NULL ORDER BY created_at DESC, id DESC LIMIT 50) AS i
    JOIN collections.collection c ON c.id = i.collection_id`),
  create: async ({ row }) => (await ask('BEGIN', `
    INSERT INTO collections.item AS i (id, tenant_id, collection_id, title, body, tags, metadata, created_at, updated_at, created_by, updated_by)
    VALUES (${id(row.id)}, ${id(row.tenantId)}, ${id(row.collectionId)}, ${pg.escapeLiteral(row.title)}, ${pg.escapeLiteral(row.body)}, '{bench}', '{}', now(), now(), ${id(row.createdBy)}, ${id(row.createdBy)}) RETURNING ${COLUMNS}`))[0],
};

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', async () => {
    if (request.method !== 'POST') return response.writeHead(200).end();
    const { operationName, variables } = JSON.parse(Buffer.concat(chunks).toString());
    const body = JSON.stringify({ data: await answers[operationName](variables) });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
  });
});
server.keepAliveTimeout = 0;
server.listen(Number(port), '127.0.0.1');
