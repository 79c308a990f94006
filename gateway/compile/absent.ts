/**
 * Objects that a subgraph was asked to complete and said that there are none: between whoever named one and whoever
 * answers for it, it was deleted or taken away. Where it may be null it is, as if nobody had named it, and that is no fault.
 */
const absent = new WeakSet<object>();

export const noteAbsent = (object: object): void => void absent.add(object);
export const isAbsent = (object: object): boolean => absent.has(object);
