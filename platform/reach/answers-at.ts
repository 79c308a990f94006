/** Whether anybody answers at an address. Whatever they say to a question without credentials, they are there. */

/** A proxy's or a stopping server's way to say that nobody was there to answer. */
export const NOBODY: ReadonlySet<number> = new Set([502, 503, 504]);
export const PROBE = JSON.stringify({ query: '{ __typename }' });

/** Null when somebody does, otherwise what was found instead. */
export async function nobodyAt(url: string, withinMs: number): Promise<string | null> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: PROBE, signal: AbortSignal.timeout(withinMs) });
    await response.body?.cancel();
    return NOBODY.has(response.status) ? `status ${response.status}` : null;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return cause?.code ?? message;
  }
}
