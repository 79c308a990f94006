/** What suites import as `@jest/globals` is jest's own name for it; outside its realms it is ours. */
const GLOBALS = new URL('./globals.js', import.meta.url).href;

export const resolve = (specifier, context, next) => (specifier === '@jest/globals' ? { url: GLOBALS, format: 'module', shortCircuit: true } : next(specifier, context));
