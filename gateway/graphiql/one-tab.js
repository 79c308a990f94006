/**
 * A browser that doubles a tab doubles its sessionStorage too. Two tabs that carry one session on would use a refresh
 * token twice, which ends the session: the first tab keeps it, the copy asks anew.
 */
const WAIT_MS = 1_500;

export function oneTab(account) {
  if (!navigator.locks) return; // a page over plain HTTP from another machine has none
  let mine;
  const look = () => {
    const state = account.state.get();
    if (state.kind !== 'session' || state.lock === mine) return;
    mine = state.lock;
    // A page that is being reloaded may hold it for a moment yet; then it is held as long as this page lives.
    navigator.locks.request(`atlas ${mine}`, { signal: AbortSignal.timeout(WAIT_MS) }, () => new Promise(() => undefined))
      .catch(() => account.drop('Another tab goes on with this session; sign in here too.'));
  };
  account.state.subscribe(look);
  look();
}
