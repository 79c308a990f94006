/**
 * In which of GraphQL's two media types an answer goes out, and with which status: the rules of GraphQL over HTTP.
 * `application/graphql-response+json` says with its status how it went. Who asks for `application/json` by name is from
 * before that and looks for a document's faults in the body, under 200. Who names neither gets JSON and an honest status.
 */
import type { IncomingMessage } from 'node:http';
import Negotiator from 'negotiator';
import { acceptsParts } from './parts.ts';
import { AtlasError, type ErrorCode } from '../../platform/errors.ts';

const JSON_TYPE = 'application/json';
const GRAPHQL_TYPE = 'application/graphql-response+json';

export interface AnswerType { contentType: string; faultsUnder200: boolean }
const PLAIN: AnswerType = { contentType: `${JSON_TYPE}; charset=utf-8`, faultsUnder200: false };

/** What the client would rather have; null when it takes nothing that a graph answers. */
export function answerType({ headers }: Pick<IncomingMessage, 'headers'>): AnswerType | null {
  const { accept } = headers;
  if (!accept) return PLAIN;
  const chosen = new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, GRAPHQL_TYPE]);
  if (!chosen) return null;
  return { contentType: `${chosen}; charset=utf-8`, faultsUnder200: chosen === JSON_TYPE && new RegExp(JSON_TYPE, 'i').test(accept) };
}

/** Refuses who takes nothing that a graph answers, before anything is done for them. */
export function acceptedType(request: IncomingMessage): AnswerType {
  const type = answerType(request) ?? (acceptsParts(request) ? PLAIN : null);
  if (!type) throw new AtlasError('NOT_ACCEPTABLE');
  return type;
}

/** The faults that only the document and its variables can have; who may not or may not yet is told by status always. */
const OF_THE_DOCUMENT = new Set<unknown>(['GRAPHQL_PARSE_FAILED', 'GRAPHQL_VALIDATION_FAILED', 'BAD_USER_INPUT'] satisfies ErrorCode[]);

export const statusOf = (type: AnswerType | null, status: number, code: unknown): number =>
  type?.faultsUnder200 && OF_THE_DOCUMENT.has(code) ? 200 : status;

/**
 * A page of another site can have a browser send a GET unasked, though without a header that CORS would have to allow
 * first. A browser says on whose behalf it asks; what is no browser is not led by anybody's page.
 */
export const mayBeUnasked = ({ method, headers }: IncomingMessage): boolean =>
  method === 'GET' && !headers['apollo-require-preflight'] && !headers.authorization && isForeignPage({ headers });

export function refuseForeignPages(request: IncomingMessage): void {
  if (mayBeUnasked(request)) throw new AtlasError('BAD_REQUEST', 'A page of another site sends `Apollo-Require-Preflight: 1` with a GET.');
}

export function isForeignPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const site = headers['sec-fetch-site'];
  const page = headers.origin ?? headers.referer; // all there is where the connection is not secure
  return site !== undefined ? site !== 'same-origin' && site !== 'none' : page !== undefined && hostOf(page) !== headers.host;
}

const hostOf = (url: string): string | null => (URL.canParse(url) ? new URL(url).host : null);
