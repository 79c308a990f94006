/** An answer looks through everything that its caller reaches, and has a model read it: dearer than anything else that is asked. */
export const ASK_COST = 100;
