/**
 * Relay connections over keyset cursors. A cursor names the list it was made by and is marked with the installation's
 * secret, so it can be neither forged nor carried to another list. The page costs the same at the end as at the start.
 */
import 'reflect-metadata';
import { Field, Int, ObjectType, Directive, ArgsType } from 'type-graphql';
import type { Class } from './graph-types.ts';
import { AtlasError } from './errors.ts';
import type { Secret } from './secret.ts';

export const FIRST_MAX = 100;
export const FIRST_DEFAULT = 20;

/** 132 bits. */
const MARK_LENGTH = 22;
/** As it is made and in no other spelling: there is one text for a place, and a body never runs into what it is marked with. */
const CURSOR = /^([\w-]+)\.([\w-]{22})$/;

@Directive('@shareable')
@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether more follow.' }) hasNextPage!: boolean;
  @Field(() => Boolean, { description: 'Whether any come before.' }) hasPreviousPage!: boolean;
  @Field(() => String, { nullable: true, description: 'The cursor of the first edge.' }) startCursor!: string | null;
  @Field(() => String, { nullable: true, description: 'The cursor of the last edge.' }) endCursor!: string | null;
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { nullable: true, description: 'How many, from 1 to 100; 20 when not given.' }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'The cursor after which the page begins.' }) after?: string | null;
}

/** What a use case is asked for: at most `first` rows after the row with these key values. */
export interface PageRequest { first: number; after: readonly string[] | null; within: string }
/** What it answers: up to `first + 1` rows; the one more only says that there is one. */
export interface Page<T> { nodes: T[]; hasNextPage: boolean }

export interface Edge<T> { cursor: string; node: T }
export interface Connection<T> { edges: Edge<T>[]; nodes: T[]; pageInfo: PageInfo }

/** `first + 1` rows in, a page out. */
export const pageOf = <T>(rows: readonly T[], first: number): Page<T> => ({ nodes: rows.slice(0, first), hasNextPage: rows.length > first });

export interface Pages<T> {
  /** `within` is whose list it is (a tenant's id): a cursor of another's is refused. */
  request(args: PageArgs, within?: string): PageRequest;
  connection(page: Page<T>, request: PageRequest): Connection<T>;
}

/** `list` names the list in its cursors; `keys` are the values that its order goes by, the last of them unique. */
export function pagesOf<T>(secret: Secret, list: string, keys: (node: T) => readonly string[]): Pages<T> {
  const purpose = `cursor:${list}`;
  const markOf = (body: string, within: string) => secret.mark(purpose, `${within} ${body}`);
  const seal = (values: readonly string[], within: string): string => {
    const body = Buffer.from(JSON.stringify(values)).toString('base64url');
    return `${body}.${markOf(body, within).slice(0, MARK_LENGTH)}`;
  };
  const open = (cursor: string, within: string): string[] => {
    const [, body, mark] = CURSOR.exec(cursor) ?? [];
    if (!body || !secret.isMark(purpose, `${within} ${body}`, mark + markOf(body, within).slice(MARK_LENGTH))) throw new AtlasError('CURSOR_INVALID');
    return JSON.parse(Buffer.from(body, 'base64url').toString()) as string[];
  };
  return {
    request({ first, after }, within = '') {
      const size = first ?? FIRST_DEFAULT;
      if (size < 1 || size > FIRST_MAX) throw new AtlasError('PAGE_SIZE');
      return { first: size, after: after == null ? null : open(after, within), within };
    },
    connection(page, request) {
      // Marked when somebody asks for it: most ask for the last one alone.
      const edges = page.nodes.map((node) => ({ node, get cursor() { return seal(keys(node), request.within); } }));
      return {
        edges,
        nodes: page.nodes,
        pageInfo: {
          hasNextPage: page.hasNextPage,
          hasPreviousPage: request.after !== null,
          get startCursor() { return edges[0]?.cursor ?? null; },
          get endCursor() { return edges.at(-1)?.cursor ?? null; },
        },
      };
    },
  };
}

/** The connection and edge classes of a node class: `const { Connection, Edge } = connectionOf(MemberType, 'Member')`. */
export function connectionOf<T extends object>(Node: Class, name: string): { Connection: Class; Edge: Class } {
  @ObjectType(`${name}Edge`, { description: `One ${name} of a list, with its cursor.` })
  class EdgeType {
    @Field(() => String, { description: 'Where this one stands; give it as `after` to go on from here.' }) cursor!: string;
    @Field(() => Node, { description: 'The one itself.' }) node!: T;
  }
  @ObjectType(`${name}Connection`, { description: `A page of a list of ${name}.` })
  class ConnectionType {
    @Field(() => [EdgeType], { description: 'The page, each with its cursor.' }) edges!: EdgeType[];
    @Field(() => [Node], { description: 'The page without cursors.' }) nodes!: T[];
    @Field(() => PageInfo, { description: 'Where the page stands in the list.' }) pageInfo!: PageInfo;
  }
  return { Connection: ConnectionType, Edge: EdgeType };
}

/** The rows of a connection in a policy table: whoever got the page may read it. */
export const connectionFields = 'edges nodes pageInfo';
