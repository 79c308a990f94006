/** Waits for something that happens on its own time; says what did not happen. */
export async function eventually<T>(what: string, look: () => T | null | undefined | false | Promise<T | null | undefined | false>, withinMs = 30_000): Promise<T> {
  for (const until = Date.now() + withinMs; ; ) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    if (Date.now() > until) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
