/**
 * Work that takes minutes, begun by a loop and done beside it: whoever stops waits for a round of a loop to end, and would
 * wait for as long as the work takes. One at a time; what went wrong is the failure of the next round.
 */
export function beside(work: () => Promise<void>): { round(): Promise<void>; over(): Promise<void> } {
  let running: Promise<void> | undefined;
  let failed: Promise<void> | undefined;
  const begin = (): Promise<void> => {
    const done = work();
    return done.catch(() => { failed = done; }).finally(() => { running = undefined; });
  };
  return {
    async round() {
      const last = failed;
      failed = undefined;
      await last;
      running ??= begin();
    },
    over: () => running ?? Promise.resolve(),
  };
}
