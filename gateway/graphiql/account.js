/** The panel "Account": who asks, in which tenant, and how long this browser remembers it. */
import { send } from './asking.js';
import { Button, Check, Choice, Field, Fragment, h, Notice, Panel, useEffect, useObserved, useState, useTask } from './elements.js';
import { SignIn } from './sign-in.js';

const TENANTS = 'query MyTenants { tenants(first: 100) { nodes { id name slug viewerRole } } }';
const CREATE_TENANT = 'mutation CreateTenant($input: CreateTenantInput!) { createTenant(input: $input) { tenant { slug } userErrors { message } } }';

export const accountPanel = (account) => function Account() {
  const state = useObserved(account.state);
  const stays = useObserved(account.stays);
  return h(Panel, { title: 'Account', about: 'Everything here is asked with your rights: the schema, the queries, the streams.' },
    h(Notice, { kind: 'note' }, useObserved(account.notice)),
    state.kind === 'nobody' && h(SignIn, { account }),
    state.kind === 'session' && h(Person, { account, state }),
    state.kind === 'key' && h('p', { className: 'atlas-who' }, 'Asking with the key ', h('code', null, `${state.key.slice(0, 14)}…`)),
    state.kind !== 'nobody' && h('div', { className: 'atlas-row' },
      h(Button, { onClick: () => void account.signOut() }, state.kind === 'key' ? 'Put the key away' : 'Sign out')),
    h(Check, {
      label: 'Remember me in this browser tab', checked: stays, onChange: account.setStays,
      hint: stays ? 'Tokens are in this tab’s sessionStorage: a reload keeps you signed in, closing the tab forgets you.' : 'Tokens are in memory alone: a reload forgets you.',
    }));
};

function Person({ account, state }) {
  return h('div', null,
    h('p', { className: 'atlas-who' }, 'Signed in as ', h('strong', null, state.user.name), state.user.email && h('span', { className: 'atlas-faint' }, ` · ${state.user.email}`)),
    h(Tenants, { account, state }));
}

function Tenants({ account, state }) {
  const [tenants, setTenants] = useState(null);
  const [, wrong, start] = useTask();
  const load = () => start(async () => {
    const { authorization } = account.headers();
    const { tenants: found } = await send(TENANTS, {}, { authorization });
    setTenants(found.nodes);
    return found.nodes;
  });
  // Who has one tenant asks in it until they say otherwise.
  useEffect(() => void load().then((all) => { if (all?.length === 1 && state.tenant === undefined) account.pickTenant(all[0].slug); }), [state.user.id]);
  if (!tenants) return h(Fragment, null, h(Notice, null, wrong), !wrong && h('p', { className: 'atlas-faint' }, 'Looking for your tenants …'));
  const options = [...tenants.map(({ slug, name, viewerRole }) => [slug, h(Fragment, null, name, h('span', { className: 'atlas-faint' }, ` ${slug} · ${viewerRole.toLowerCase()}`))]), ['', 'No tenant']];
  return h(Fragment, null,
    h(Choice, { label: 'Ask in', options, value: state.tenant ?? '', onChange: (slug) => account.pickTenant(slug || null) }),
    h('details', { className: 'atlas-more', open: tenants.length === 0 },
      h('summary', null, 'New tenant'),
      h(NewTenant, { account, made: async (slug) => { await load(); account.pickTenant(slug); } })));
}

function NewTenant({ account, made }) {
  const [busy, wrong, start] = useTask();
  const submit = (event) => {
    event.preventDefault();
    const name = new FormData(event.target).get('name');
    void start(async () => {
      const { createTenant } = await send(CREATE_TENANT, { input: { name } }, { authorization: account.headers().authorization });
      if (!createTenant.tenant) throw new Error(createTenant.userErrors.map(({ message }) => message).join(' '));
      await made(createTenant.tenant.slug);
    });
  };
  return h('form', { className: 'atlas-form', onSubmit: submit },
    h(Field, { label: 'Name of the tenant', name: 'name', required: true, maxLength: 200, autoComplete: 'organization' }),
    h(Notice, null, wrong),
    h(Button, { type: 'submit', disabled: busy }, 'Make it'));
}
