/** The panel "Saved": queries with a name, and links that carry a query to somebody else. */
import { Button, download, Field, h, Notice, Panel, useObserved, useState } from './elements.js';
import { encodeShare } from './share.js';

export const savedPanel = (saved) => function Saved() {
  const list = useObserved(saved);
  const { queryEditor, variableEditor } = window.GraphiQL.React.useEditorContext({ nonNull: true });
  const [said, setSaid] = useState({ text: '' });
  const say = (text, kind = 'note') => setSaid({ text, kind });
  const editor = () => ({ query: queryEditor?.getValue() ?? '', variables: variableEditor?.getValue() ?? '' });
  const tried = (work) => async (...given) => {
    try { say(await work(...given)); } catch (error) { say(error.message, 'error'); }
  };
  const open = ({ name, query, variables }) => {
    queryEditor.setValue(query);
    variableEditor?.setValue(variables);
    say(`“${name}” is in the editor.`);
  };
  const keep = tried(async (event) => {
    event.preventDefault();
    const name = new FormData(event.target).get('name');
    saved.save({ name, ...editor() });
    event.target.reset();
    return `“${name}” is saved in this browser.`;
  });
  return h(Panel, { title: 'Saved', about: 'Queries with a name, kept in this browser. Headers and tokens are never saved or shared.' },
    h('form', { className: 'atlas-form atlas-inline', onSubmit: (event) => { event.preventDefault(); void keep(event); } },
      h(Field, { label: 'Name for what is in the editor', name: 'name', required: true, maxLength: 80, autoComplete: 'off' }),
      h(Button, { kind: 'main', type: 'submit' }, 'Save')),
    h('div', { className: 'atlas-row' },
      h(Button, { onClick: () => void tried(() => copyLink(editor()))() }, 'Copy a link to it')),
    h(Notice, { kind: said.kind ?? 'note' }, said.text),
    list.length === 0 ? h('p', { className: 'atlas-empty' }, 'Nothing is saved yet.') : h('ul', { className: 'atlas-saved' }, list.map((one) => h('li', { key: one.name },
      h('button', { type: 'button', className: 'atlas-open', onClick: () => open(one) }, one.name),
      h(Button, { 'aria-label': `Copy a link to ${one.name}`, onClick: () => void tried(() => copyLink(one))() }, 'Link'),
      h(Button, { 'aria-label': `Delete ${one.name}`, onClick: () => { saved.delete(one.name); say(`“${one.name}” is deleted.`); } }, 'Delete')))),
    h('div', { className: 'atlas-row' },
      h(Button, { disabled: list.length === 0, onClick: () => download('atlas-queries.json', 'application/json', saved.export()) }, 'Export'),
      h(Import, { onFile: tried(async (file) => `${saved.import(await file.text())} queries were added.`) })));
};

/** A link to this page with the query behind the #; shown when the clipboard is closed to us. */
async function copyLink(operation) {
  const hash = encodeShare(operation);
  if (!hash) throw new Error('This query is too long for a link: save and export it instead.');
  const link = location.origin + location.pathname + hash;
  try {
    await navigator.clipboard.writeText(link);
    return h('span', null, 'The link is on your clipboard: ', h('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, 'open it'), '.');
  } catch {
    return h('a', { href: link, target: '_blank', rel: 'noopener noreferrer' }, link);
  }
}

function Import({ onFile }) {
  const picked = (event) => {
    const [file] = event.target.files;
    event.target.value = ''; // the same file may be picked again
    if (file) void onFile(file);
  };
  return h('label', { className: 'atlas-button atlas-plain atlas-file' }, 'Import', h('input', { type: 'file', accept: 'application/json,.json', onChange: picked }));
}
