/** How much each thing that comes back weighs, in points. */
export interface Weights {
  ofType(name: string): number;
  /** `Type.field`. */
  ofField(coordinate: string): number;
}

/** Every object one point, everything in it free: what the specification assumes where a schema says nothing. */
export const ONE_AN_OBJECT: Weights = { ofType: () => 1, ofField: () => 0 };
