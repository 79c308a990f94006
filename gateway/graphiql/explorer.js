/** Starts GraphiQL over this origin's /graphql, with the panels of Atlas beside it. */
import { accountPanel } from './account.js';
import { fetcherFor, send } from './asking.js';
import { CostAndPlan } from './cost-and-plan.js';
import { credentials, identityOf } from './credentials.js';
import { Fragment, h, useEffect, useMemo, useObserved } from './elements.js';
import { AccountIcon, PlanIcon, SavedIcon, TableIcon } from './icons.js';
import { keeping } from './keeping.js';
import { operationOfLetter } from './letters.js';
import { oneTab } from './one-tab.js';
import { savedQueries } from './saved.js';
import { savedPanel } from './saved-panel.js';
import { decodeShare } from './share.js';
import { Table } from './table.js';

const { GraphiQL, ReactDOM } = window;

const FIRST = `# Atlas: one graph over all of it.
#
# On the left: sign in, see what a
# query cost and how it was planned,
# look at lists as tables, save and
# share what you wrote.

query Scopes {
  apiKeyScopes { name description }
}
`;

const account = credentials({ storage: sessionStorage, send });
oneTab(account);
const saved = savedQueries(localStorage);
const storage = keeping({ tab: sessionStorage, lasting: localStorage });
const panels = [
  { title: 'Account', icon: AccountIcon, content: accountPanel(account) },
  { title: 'Saved', icon: SavedIcon, content: savedPanel(saved) },
  { title: 'Cost and plan', icon: PlanIcon, content: CostAndPlan },
  { title: 'Table', icon: TableIcon, content: Table },
];

/** What the address asks for, once: a letter's token or a shared query does not stay in the history of the browser. */
const asked = operationOfLetter(location.hash) ?? decodeShare(location.hash);
if (location.hash) history.replaceState(null, '', location.pathname);

/** The panel that was open in this tab; at first the one with which it begins, where there is room for it. */
const PANEL = 'atlas:panel';
const firstPanel = () => sessionStorage.getItem(PANEL) ?? (asked || innerWidth < 900 ? '' : 'Account');
const rememberPanel = (panel) => sessionStorage.setItem(PANEL, panel?.title ?? '');

/** As a click does it: only then does GraphiQL make room for the panel. It draws itself some frames after its start. */
function openPanel(title, frames = 60) {
  const button = [...document.querySelectorAll('.graphiql-sidebar button')].find((one) => one.getAttribute('aria-label') === `Show ${title}`);
  if (button) button.click();
  else if (title && frames > 0) requestAnimationFrame(() => openPanel(title, frames - 1));
}

function Explorer() {
  const identity = identityOf(useObserved(account.state));
  const { fetcher, close } = useMemo(() => fetcherFor(account), [identity]);
  useEffect(() => close, [close]);
  useEffect(() => openPanel(firstPanel()), []);
  return h(GraphiQL, {
    fetcher,
    plugins: panels,
    onTogglePluginVisibility: rememberPanel,
    defaultQuery: FIRST,
    ...asked,
    storage,
    defaultEditorToolsVisibility: asked?.variables ? 'variables' : false,
    shouldPersistHeaders: false,
  }, h(GraphiQL.Logo, null, h(Who)));
}

/** Always in sight: as whom the next query is asked. */
function Who() {
  const state = useObserved(account.state);
  const who = state.kind === 'nobody' ? 'not signed in' : state.kind === 'key' ? `key ${state.key.slice(0, 14)}…` : `${state.user.name}${state.tenant ? ` in ${state.tenant}` : ''}`;
  return h(Fragment, null, h('strong', null, 'Atlas'), h('span', { className: 'atlas-faint', role: 'status' }, ` ${who}`));
}

ReactDOM.createRoot(document.getElementById('explorer')).render(h(Explorer));
