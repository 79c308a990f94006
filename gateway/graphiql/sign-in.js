/** The forms that make somebody of nobody: sign in, make an account, or use a key. */
import { send } from './asking.js';
import { Button, Choice, Field, h, Notice, useState, useTask } from './elements.js';

const SESSION = 'user { id name email } session { accessToken refreshToken expiresAt } userErrors { message }';
const LOGIN = `mutation SignIn($input: LoginInput!) { login(input: $input) { ${SESSION} } }`;
const REGISTER = `mutation MakeAccount($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`;
/** Whatever a key may do, this it may: a key that nobody made is refused before. */
const TRY_KEY = 'query TryKey { __typename }';

const WAYS = [['login', 'Sign in'], ['register', 'New account'], ['key', 'API key']];

export function SignIn({ account }) {
  const [way, setWay] = useState('login');
  return h('div', null,
    h(Choice, { label: 'How do you want to ask?', options: WAYS, value: way, onChange: setWay }),
    way === 'key' ? h(KeyForm, { account }) : h(PersonForm, { key: way, account, isNew: way === 'register' }));
}

function PersonForm({ account, isNew }) {
  const [busy, wrong, start] = useTask();
  const submit = (event) => {
    event.preventDefault();
    const input = Object.fromEntries(new FormData(event.target));
    void start(async () => {
      const data = await send(isNew ? REGISTER : LOGIN, { input }, {});
      const { user, session, userErrors } = data.register ?? data.login;
      if (!session) throw new Error(userErrors.map(({ message }) => message).join(' '));
      account.signedIn(session, user);
    });
  };
  return h('form', { className: 'atlas-form', onSubmit: submit },
    isNew && h(Field, { label: 'Name', name: 'name', autoComplete: 'name', required: true }),
    h(Field, { label: 'E-mail', name: 'email', type: 'email', autoComplete: 'username', required: true }),
    h(Field, { label: 'Password', name: 'password', type: 'password', autoComplete: isNew ? 'new-password' : 'current-password', required: true, hint: isNew && 'At least 8 characters, and not one that everybody tries first.' }),
    h(Notice, null, wrong),
    h(Button, { kind: 'main', type: 'submit', disabled: busy }, busy ? 'One moment …' : isNew ? 'Make the account' : 'Sign in'));
}

function KeyForm({ account }) {
  const [busy, wrong, start] = useTask();
  const submit = (event) => {
    event.preventDefault();
    const key = new FormData(event.target).get('key').trim();
    void start(async () => {
      await send(TRY_KEY, {}, { authorization: `Bearer ${key}` });
      account.useKey(key);
    });
  };
  return h('form', { className: 'atlas-form', onSubmit: submit },
    h(Field, { label: 'API key', name: 'key', type: 'password', autoComplete: 'off', spellCheck: false, required: true, placeholder: 'atl_live_…', hint: 'It has a tenant of its own. You will see what its scopes reach.' }),
    h(Notice, null, wrong),
    h(Button, { kind: 'main', type: 'submit', disabled: busy }, busy ? 'One moment …' : 'Use this key'));
}
