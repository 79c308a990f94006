/**
 * What GraphiQL keeps in the browser, and where. Open tabs live as long as the browser's own tab; history and looks
 * stay. Headers are never kept, and neither is a document that names a password, a token or a secret in the history.
 */
const OF_THIS_TAB = /^graphiql:(tabState|query|variables|operationName)$/;
const HISTORY = /^graphiql:(queries|favorites)$/;
const NEVER = /^graphiql:headers$/;
const SECRET = /password|token|secret/i;

export function keeping({ tab, lasting }) {
  const of = (name) => (OF_THIS_TAB.test(name) ? tab : lasting);
  return {
    get length() { return lasting.length; },
    getItem: (name) => of(name).getItem(name),
    removeItem: (name) => of(name).removeItem(name),
    clear: () => [tab, lasting].forEach((one) => Object.keys(one).filter((name) => name.startsWith('graphiql:')).forEach((name) => one.removeItem(name))),
    setItem(name, value) {
      if (!NEVER.test(name)) of(name).setItem(name, HISTORY.test(name) ? harmless(value) : value);
    },
  };
}

/** The history without headers, and without what may hold a secret. */
function harmless(value) {
  const kept = JSON.parse(value);
  for (const [name, list] of Object.entries(kept)) {
    if (Array.isArray(list)) kept[name] = list.filter(({ query = '', variables = '' }) => !SECRET.test(`${query} ${variables}`)).map(({ headers: _, ...rest }) => rest);
  }
  return JSON.stringify(kept);
}
