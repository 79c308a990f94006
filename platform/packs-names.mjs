/** What packages are called: in an import, in node_modules and in a pack. */

/** What stays where it is, and why. Nothing that one of these loads may be in a pack too: it would be there twice. */
export const EXTERNAL = new Map([
  ['@node-rs/argon2', 'is a program for this machine'],
  ['bintrees', 'writes to a name that it never declared, which a module may not'],
  ['pdfjs-dist', 'finds its tables and its worker beside itself'],
  ['pino', 'starts threads of files beside itself'],
  ['piscina', 'starts threads of files beside itself, and both sides must be one'],
]);

/** The package that a file of node_modules, or what is imported by a name, belongs to. */
export const packageOf = (name) => /^(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1];

/** The file of a pack that stands for what is imported by this name. */
export const fileIn = (specifier) => `${specifier.replaceAll('/', '+')}.js`;
