/** A whole connection as one sequence, fetched page by page as it is consumed. */

export interface ConnectionData<Node> { nodes: readonly Node[]; pageInfo: { hasNextPage: boolean; endCursor?: string | null } }

export async function* nodesOf<Node>(page: (after: string | null) => Promise<ConnectionData<Node> | null | undefined>): AsyncGenerator<Node, void, undefined> {
  for (let after: string | null = null; ; ) {
    const connection: ConnectionData<Node> | null | undefined = await page(after);
    if (!connection) return;
    yield* connection.nodes;
    if (!connection.pageInfo.hasNextPage || !connection.pageInfo.endCursor) return;
    after = connection.pageInfo.endCursor;
  }
}
