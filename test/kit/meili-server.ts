/**
 * Speaks as much of Meilisearch's API as Atlas asks of it, by its documentation, and keeps what it is told: for what stands
 * between the two, where no real one can be had. It finds in a plain way of its own; how a real one ranks, it does not know.
 */
import type { ServerResponse } from 'node:http';
import { distance } from '../../subgraphs/search/domain/edit-distance.ts';
import { wordsOf } from '../../subgraphs/search/domain/words.ts';
import { recordingServer, replyJson, type Recorded, type RecordingServer } from './recording-server.ts';

type Kept = Record<string, unknown> & { id: string };
interface Index { docs: Map<string, Kept>; settings: { filterableAttributes?: string[]; searchableAttributes?: string[] } }
interface Asked { q: string; filter?: string[]; page: number; hitsPerPage: number; attributesToRetrieve: string[]; facets: string[] }

/** `isAway`: it hangs up on everybody. `tasks`: how many it has done. */
export interface MeiliServer extends RecordingServer { indexes: Map<string, Index>; isAway: boolean }

export async function meiliServer(): Promise<MeiliServer> {
  const indexes = new Map<string, Index>();
  const tasks: ({ code: string } | null)[] = [];
  const server: MeiliServer = Object.assign(await recordingServer((request, response) => {
    if (server.isAway) return void response.destroy();
    answer(request, response, { indexes, tasks });
  }), { indexes, isAway: false });
  return server;
}

interface State { indexes: Map<string, Index>; tasks: ({ code: string } | null)[] }
class Refused extends Error { constructor(readonly code: string) { super(code); } }

function answer(request: Recorded, response: ServerResponse, state: State): void {
  const [path, search] = request.path.split('?') as [string, string | undefined];
  const done = (change: () => void): void => {
    let error: { code: string } | null = null;
    try { change(); } catch (refused) { error = { code: (refused as Refused).code }; }
    const taskUid = state.tasks.push(error) - 1;
    replyJson(response, 202, { taskUid, indexUid: null, status: 'enqueued', type: 'any', enqueuedAt: new Date().toISOString() });
  };
  try {
    const [, root, uid, ...rest] = path.split('/');
    const what = `${request.method} ${[root, uid && root === 'indexes' ? ':uid' : '', ...rest.filter((part) => !/^(itm|tnt)_/.test(part))].filter(Boolean).join('/')}`;
    if (root === 'tasks') return replyJson(response, 200, taskOf(Number(uid), state));
    if (what === 'GET indexes') return listed(response, [...state.indexes.keys()].map((name) => ({ uid: name, primaryKey: 'id', createdAt: '', updatedAt: '' })));
    if (what === 'POST indexes') return done(() => { if (state.indexes.has(request.body.uid)) throw new Refused('index_already_exists'); state.indexes.set(request.body.uid, { docs: new Map(), settings: {} }); });
    if (root === 'swap-indexes') return done(() => { for (const { indexes: [one, other] } of request.body) swap(state.indexes, one, other); });
    const index = state.indexes.get(uid ?? '');
    if (what === 'DELETE indexes/:uid') return done(() => { if (!state.indexes.delete(uid!)) throw new Refused('index_not_found'); });
    if (!index) throw new Refused('index_not_found');
    if (what === 'PATCH indexes/:uid/settings') return done(() => Object.assign(index.settings, request.body));
    if (what === 'POST indexes/:uid/documents') return done(() => { for (const doc of request.body as Kept[]) index.docs.set(doc.id, doc); });
    if (what === 'POST indexes/:uid/documents/delete-batch') return done(() => { for (const id of request.body as string[]) index.docs.delete(id); });
    if (what === 'POST indexes/:uid/documents/delete') { const gone = passing(index, [request.body.filter].flat()); return done(() => { for (const { id } of gone) index.docs.delete(id); }); }
    if (what === 'POST indexes/:uid/documents/fetch') return listed(response, passing(index, request.body.filter ?? []).filter(({ id }) => request.body.ids?.includes(id) ?? true).slice(0, request.body.limit));
    if (what === 'GET indexes/:uid/documents') return listed(response, [...index.docs.values()].filter(({ id }) => new URLSearchParams(search).get('ids')?.split(',').includes(id) ?? true));
    if (what === 'POST indexes/:uid/search') return replyJson(response, 200, found(index, request.body));
    if (what === 'POST indexes/:uid/facet-search') return replyJson(response, 200, facets(index, request.body));
    throw new Refused('not_found');
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    replyJson(response, error.code.endsWith('not_found') ? 404 : 400, { message: error.code, code: error.code, type: 'invalid_request', link: '' });
  }
}

const listed = (response: ServerResponse, results: unknown[]): void => replyJson(response, 200, { results, offset: 0, limit: results.length, total: results.length });
const taskOf = (uid: number, { tasks }: State) => ({ uid, indexUid: null, status: tasks[uid] ? 'failed' : 'succeeded', type: 'any', error: tasks[uid] && { message: '', type: 'invalid_request', link: '', ...tasks[uid] }, canceledBy: null, details: {}, duration: null, enqueuedAt: '', startedAt: null, finishedAt: null });

function swap(indexes: Map<string, Index>, one: string, other: string): void {
  const [a, b] = [indexes.get(one), indexes.get(other)];
  if (!a || !b) throw new Refused('index_not_found');
  indexes.set(one, b).set(other, a);
}

/** Of its language those sentences that Atlas says; whatever else is said is refused, as a real one refuses what it cannot read. */
const IS = /^(\w+) = "([\w-]+)"$/;
const IN = /^(\w+) IN \[("[\w-]+"(?:, "[\w-]+")*)?\]$/;
const THAN = /^(\w+) (>=|<) (-?\d+)$/;

function passing({ docs, settings }: Index, filter: readonly string[]): Kept[] {
  const demands = filter.map((sentence): ((doc: Kept) => boolean) => {
    const [, attribute = '', ...said] = IS.exec(sentence) ?? IN.exec(sentence) ?? THAN.exec(sentence) ?? [];
    if (!settings.filterableAttributes?.includes(attribute)) throw new Refused('invalid_search_filter');
    if (said.length === 2) return (doc) => (said[0] === '<' ? Number(doc[attribute]) < Number(said[1]) : Number(doc[attribute]) >= Number(said[1]));
    const values = IS.test(sentence) ? said : (JSON.parse(`[${said[0] ?? ''}]`) as string[]);
    return (doc) => [doc[attribute]].flat().some((value) => values.includes(String(value)));
  });
  return [...docs.values()].filter((doc) => demands.every((demand) => demand(doc)));
}

/** Words in a row: what a phrase is looked for in. */
const rowsOf = (doc: Kept, { settings }: Index): string[] => (settings.searchableAttributes ?? []).flatMap((attribute) => ([doc[attribute] ?? ''].flat() as string[]).map((text) => ` ${wordsOf(text).map(({ word }) => word).join(' ')} `));
const mistakes = (word: string): number => (word.length >= 8 ? 2 : word.length >= 4 ? 1 : 0);

function found(index: Index, { q, filter = [], page, hitsPerPage, attributesToRetrieve, facets: named }: Asked): object {
  const parts = [...q.matchAll(/(-?)"([^"]*)"|(-?)(\S+)/g)].map(([, before, phrase, minus, word]) => ({ text: phrase ?? word!, isPhrase: phrase !== undefined, isUnwanted: before === '-' || minus === '-' }));
  const hits = passing(index, filter).flatMap((doc) => {
    const rows = rowsOf(doc, index);
    const has = ({ text }: { text: string }): boolean => rows.some((row) => row.includes(` ${text} `));
    if (parts.some((part) => part.isUnwanted && has(part)) || parts.some((part) => part.isPhrase && !part.isUnwanted && !has(part))) return [];
    const words = parts.filter(({ isPhrase, isUnwanted }) => !isPhrase && !isUnwanted);
    const score = words.reduce((sum, { text }, at) => sum + worth(rows, text, at === words.length - 1 && !q.endsWith(' ')), 0);
    return score > 0 || (words.length === 0 && parts.some(({ isUnwanted }) => !isUnwanted)) ? [{ doc, score: score / (rows.length + 1) }] : [];
  }).sort((a, b) => b.score - a.score || (a.doc.id < b.doc.id ? -1 : 1));
  const shown = hits.slice((page - 1) * hitsPerPage, page * hitsPerPage).map(({ doc, score }) => ({ ...Object.fromEntries(attributesToRetrieve.map((name) => [name, doc[name]])), _rankingScore: score }));
  const distribution = Object.fromEntries(named.map((name) => [name, countsOf(hits.map(({ doc }) => doc), name)]));
  return { hits: shown, query: q, processingTimeMs: 1, page, hitsPerPage, totalHits: hits.length, totalPages: Math.ceil(hits.length / hitsPerPage), facetDistribution: distribution };
}

/** More in an earlier attribute; a word that is only meant, or begun, less. */
function worth(rows: readonly string[], asked: string, mayBegin: boolean): number {
  const worths = rows.map((row, at) => Math.max(0, ...row.trim().split(' ').map((word) => {
    if (word === asked) return 1;
    if (mayBegin && word.startsWith(asked)) return 0.8;
    return distance(asked, word, mistakes(asked)) <= mistakes(asked) ? 0.5 : 0;
  })) * (rows.length - at));
  return Math.max(0, ...worths);
}

function countsOf(docs: readonly Kept[], name: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const doc of docs) for (const value of [doc[name] ?? []].flat() as string[]) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

function facets(index: Index, { facetName, facetQuery, filter }: { facetName: string; facetQuery: string; filter: string[] }): object {
  const hits = Object.entries(countsOf(passing(index, filter), facetName)).filter(([value]) => value.startsWith(facetQuery)).map(([value, count]) => ({ value, count }));
  return { facetHits: hits.sort((a, b) => b.count - a.count).slice(0, 100), facetQuery, processingTimeMs: 1 };
}
