/** The few elements that the panels are made of. */
const { React } = window;
export const { createElement: h, Fragment, useEffect, useId, useMemo, useState, useSyncExternalStore } = React;

export const useObserved = (observed) => useSyncExternalStore(observed.subscribe, observed.get);

export const Panel = ({ title, about, children }) => h('section', { className: 'atlas-panel', 'aria-label': title },
  h('h2', { className: 'atlas-title' }, title),
  about && h('p', { className: 'atlas-about' }, about),
  children);

/** A label and its input; what stands below is read out with it. */
export function Field({ label, hint, ...input }) {
  const id = useId();
  return h('div', { className: 'atlas-field' },
    h('label', { htmlFor: id }, label),
    h('input', { id, ...(hint && { 'aria-describedby': `${id}-hint` }), ...input }),
    hint && h('p', { id: `${id}-hint`, className: 'atlas-hint' }, hint));
}

export function Check({ label, hint, checked, onChange }) {
  const id = useId();
  return h('div', { className: 'atlas-check' },
    h('input', { id, type: 'checkbox', checked, 'aria-describedby': hint && `${id}-hint`, onChange: (event) => onChange(event.target.checked) }),
    h('label', { htmlFor: id }, label),
    hint && h('p', { id: `${id}-hint`, className: 'atlas-hint' }, hint));
}

export const Button = ({ kind = 'plain', children, ...rest }) => h('button', { type: 'button', className: `atlas-button atlas-${kind}`, ...rest }, children);

/** Said aloud when it changes; always there, because what appears together with its text is not read out. */
export const Notice = ({ kind = 'error', children }) => h('p', { className: children ? `atlas-notice atlas-${kind}` : 'atlas-notice', role: kind === 'error' ? 'alert' : 'status' }, children);

/** One of a few, by the arrow keys as everywhere. */
export function Choice({ label, options, value, onChange }) {
  const name = useId();
  return h('fieldset', { className: 'atlas-choice' },
    h('legend', null, label),
    options.map(([each, text]) => h('label', { key: each },
      h('input', { type: 'radio', name, value: each, checked: value === each, onChange: () => onChange(each) }),
      h('span', null, text))));
}

/** Something that takes a while and may fail: [busy, what went wrong, start]. */
export function useTask() {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState('');
  const start = async (work) => {
    setBusy(true);
    setWrong('');
    try {
      return await work();
    } catch (error) {
      setWrong(error.message);
      return undefined;
    } finally {
      setBusy(false);
    }
  };
  return [busy, wrong, start];
}

/** Gives the person a file. */
export function download(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  Object.assign(document.createElement('a'), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}
