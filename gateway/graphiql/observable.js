/** A value that tells when it changed, in the form that React's useSyncExternalStore reads. */
export function observable(value) {
  const listeners = new Set();
  return {
    get: () => value,
    set(changed) {
      value = changed;
      for (const tell of [...listeners]) tell();
    },
    subscribe(tell) {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  };
}
