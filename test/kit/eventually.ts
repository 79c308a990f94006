/** Waits for something that happens on its own time; says what did not happen. */
export async function eventually<T>(what: string, look: () => T | null | undefined | false | Promise<T | null | undefined | false>, withinMs = 30_000): Promise<T> {
  const since = Date.now();
  for (;;) {
    const found = await look();
    if (found !== null && found !== undefined && found !== false) return found;
    const waited = Date.now() - since;
    if (waited > withinMs) throw new Error(`Waited ${withinMs} ms in vain for ${what}.`);
    // What takes long is not looked at as often: looking takes the time of what is waited for.
    await new Promise((resolve) => setTimeout(resolve, Math.min(250, Math.max(20, waited / 10))));
  }
}
