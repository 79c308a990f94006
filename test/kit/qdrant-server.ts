/**
 * Speaks as much of Qdrant's API as Atlas asks of it, by its documentation, and keeps what it is told: for what stands
 * between the two, where no real one can be had. It compares every vector, so it is exact where a real one may not be.
 */
import type { ServerResponse } from 'node:http';
import { recordingServer, replyJson, type Recorded, type RecordingServer } from './recording-server.ts';

interface Point { id: string; vector: number[]; payload: Record<string, unknown> }
interface Condition { key: string; match?: { value?: unknown; any?: unknown[] }; range?: { gte?: number; lt?: number } }
interface Collection { size: number; fields: Set<string>; points: Map<string, Point> }

/** `isAway`: it hangs up on everybody. */
export interface QdrantServer extends RecordingServer { collections: Map<string, Collection>; isAway: boolean }

export async function qdrantServer(): Promise<QdrantServer> {
  const collections = new Map<string, Collection>();
  const server: QdrantServer = Object.assign(await recordingServer((request, response) => {
    if (server.isAway) return void response.destroy();
    answer(request, response, collections);
  }), { collections, isAway: false });
  return server;
}

const said = (response: ServerResponse, result: unknown): void => replyJson(response, 200, { result, status: 'ok', time: 0 });
const refused = (response: ServerResponse, status: number, error: string): void => replyJson(response, status, { status: { error }, time: 0 });

function answer({ method, path, body }: Recorded, response: ServerResponse, collections: Map<string, Collection>): void {
  const [, , name, ...rest] = path.split('?')[0]!.split('/');
  const what = `${method} ${rest.join('/')}`.trim();
  if (!name) return said(response, { collections: [...collections.keys()].map((each) => ({ name: each })) });
  if (what === 'GET exists') return said(response, { exists: collections.has(name) });
  if (what === 'PUT' && collections.has(name)) return refused(response, 409, `Collection ${name} already exists`);
  if (what === 'PUT') return void (collections.set(name, { size: body.vectors.size, fields: new Set(), points: new Map() }), said(response, true));
  const collection = collections.get(name);
  if (!collection) return refused(response, 404, `Collection ${name} doesn't exist`);
  const { fields, points, size } = collection;
  const done = (change: () => void): void => { change(); said(response, { operation_id: 1, status: 'completed' }); };
  if (what === 'PUT index') return done(() => fields.add(body.field_name));
  if (what === 'PUT points') {
    if (body.points.some(({ vector }: Point) => vector.length !== size)) return refused(response, 400, 'Vector dimension error');
    return done(() => { for (const point of body.points as Point[]) points.set(point.id, point); });
  }
  if (what === 'POST points/delete') return done(() => { for (const id of body.points ?? passing(collection, body.filter.must).map((point) => point.id)) points.delete(id); });
  if (what === 'POST points') return said(response, body.ids.flatMap((id: string) => points.get(id) ?? []).map(({ id, payload }: Point) => ({ id, payload })));
  if (what === 'POST points/query') {
    if (body.query.length !== size) return refused(response, 400, 'Vector dimension error');
    const near = passing(collection, body.filter.must).map(({ id, vector, payload }) => ({ id, version: 1, score: cosine(vector, body.query), payload })).filter(({ score }) => score >= body.score_threshold);
    return said(response, { points: near.sort((a, b) => b.score - a.score).slice(0, body.limit) });
  }
  return refused(response, 404, what);
}

/** By fields that have an index alone: a real one in its strict mode refuses others. */
function passing({ points, fields }: Collection, must: readonly Condition[]): Point[] {
  if (must.some(({ key }) => !fields.has(key))) throw new Error('A field without an index is asked by.');
  return [...points.values()].filter(({ payload }) => must.every(({ key, match, range }) => {
    const values = [payload[key]].flat();
    if (range) return values.some((value) => (range.gte === undefined || Number(value) >= range.gte) && (range.lt === undefined || Number(value) < range.lt));
    return values.some((value) => (match!.any ? match!.any.includes(value) : match!.value === value));
  }));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (one: readonly number[], other: readonly number[]) => one.reduce((sum, value, at) => sum + value * other[at]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b) || 1);
}
