/**
 * Who the explorer asks as: nobody, a person with a session, or an API key. Tokens are held in memory, or in this tab's
 * sessionStorage when the person says so: never where they outlive the tab, never in an address. A session is carried
 * on before its access token expires.
 */
import { observable } from './observable.js';

export const NOBODY = { kind: 'nobody' };
const PLACE = 'atlas:credentials';
const AHEAD_MS = 60_000;
const PAUSE_MS = 5_000;
const TIMER_MAX_MS = 2 ** 31 - 1;

const REFRESH = 'mutation Refresh($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken refreshToken expiresAt } userErrors { message } } }';
const LOGOUT = 'mutation Logout { logout(input: {}) { sessionId } }';

/** `send(document, variables, headers)` → data; throws with `code` and `retryable` as the graph said them. */
export function credentials({ storage, send, now = Date.now, later = setTimeout, forget = clearTimeout }) {
  const held = read(storage.getItem(PLACE));
  const state = observable(held ?? NOBODY);
  const stays = observable(held !== null);
  const notice = observable('');
  let timer;

  const keep = () => {
    if (stays.get() && state.get().kind !== 'nobody') storage.setItem(PLACE, JSON.stringify(state.get()));
    else storage.removeItem(PLACE);
  };
  const become = (changed) => {
    state.set(changed);
    keep();
    forget(timer);
    // Half of a short life, a minute before the end of a long one.
    if (changed.kind === 'session') schedule(Math.max(leftMs(changed) - AHEAD_MS, leftMs(changed) / 2, 0));
  };
  const leftMs = ({ session }) => Date.parse(session.expiresAt) - now();
  const schedule = (ms) => { timer = later(() => void refresh(), Math.min(ms, TIMER_MAX_MS)); };

  /** Several that find the token expired share one refresh: a token that is used twice ends its session. */
  let refreshing;
  const refresh = () => {
    const before = state.get();
    if (before.kind !== 'session') return Promise.resolve();
    refreshing ??= carryOn(before).finally(() => { refreshing = undefined; });
    return refreshing;
  };
  const carryOn = async (before) => {
    try {
      const { refreshSession } = await send(REFRESH, { input: { refreshToken: before.session.refreshToken } }, {});
      const after = state.get();
      if (after.kind !== 'session' || after.session !== before.session) return; // signed out or in meanwhile
      if (refreshSession.session) become({ ...after, session: refreshSession.session });
      else end('Your session has ended; sign in again.');
    } catch (error) {
      if (state.get().session !== before.session) return;
      // What failed on the way may succeed later; what was refused will not.
      if (error.code === undefined || error.retryable) schedule(PAUSE_MS);
      else end('Your session has ended; sign in again.');
    }
  };
  const end = (sentence) => { become(NOBODY); notice.set(sentence); };

  if (state.get().kind === 'session') become(state.get());
  return {
    state, stays, notice, refresh,
    setStays(on) { stays.set(on); keep(); },
    /** A person who has picked no tenant yet, with the tokens that `login` or `register` gave. */
    signedIn: (session, user) => { notice.set(''); become({ kind: 'session', session, user, lock: crypto.randomUUID() }); },
    useKey: (key) => { notice.set(''); become({ kind: 'key', key }); },
    pickTenant: (tenant) => { if (state.get().kind === 'session') become({ ...state.get(), tenant }); },
    /** Signed out here at once; the server is told, and it does not matter here whether it heard. */
    async signOut() {
      const headers = headersOf(state.get());
      const wasSession = state.get().kind === 'session';
      become(NOBODY);
      notice.set('');
      if (wasSession) await send(LOGOUT, {}, headers).catch(() => undefined);
    },
    /** Drops what another tab goes on with. */
    drop: (sentence) => end(sentence),
    headers: () => headersOf(state.get()),
  };
}

export function headersOf(state) {
  if (state.kind === 'key') return { authorization: `Bearer ${state.key}` };
  if (state.kind === 'session') return { authorization: `Bearer ${state.session.accessToken}`, ...(state.tenant && { 'atlas-tenant': state.tenant }) };
  return {};
}

/** Changes exactly when the graph would look different: not with every new access token. */
export const identityOf = (state) => (state.kind === 'key' ? `key ${state.key}` : state.kind === 'session' ? `user ${state.user.id} in ${state.tenant ?? ''}` : 'nobody');

function read(text) {
  try {
    const state = JSON.parse(text ?? 'null');
    if (state?.kind === 'key' && typeof state.key === 'string') return state;
    if (state?.kind === 'session' && typeof state.session?.refreshToken === 'string' && typeof state.user?.id === 'string') return state;
  } catch { /* not ours */ }
  return null;
}
