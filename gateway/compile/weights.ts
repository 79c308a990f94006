/** How much each thing that comes back weighs, in points. */
export interface Weights {
  /** Of each object, by the type that it is. */
  ofType(name: string): number;
  /** Of each value that `Type.field` gave, on top of those of its type and be they negative: each entry of a list, nothing for null. 0 for nearly all. */
  ofField(coordinate: string): number;
}

/** Every object one point, everything in it free: what the specification assumes where a schema says nothing. */
export const ONE_AN_OBJECT: Weights = { ofType: () => 1, ofField: () => 0 };
