/** The panel "Table": any list of the last answer as a table, sorted by a click, taken away as CSV. */
import { lastAnswer } from './asking.js';
import { csvName, toCsv } from './csv.js';
import { Button, download, Fragment, h, Panel, useEffect, useId, useMemo, useObserved, useState } from './elements.js';
import { COLUMNS_MAX, findLists, ROWS_MAX, shown, sortRows } from './lists.js';

const ROWS_SHOWN = 200;

export function Table() {
  const last = useObserved(lastAnswer);
  const lists = useMemo(() => findLists(last?.answer?.data ?? null), [last]);
  const [path, setPath] = useState('');
  const list = lists.find((one) => one.path === path) ?? lists[0];
  return h(Panel, { title: 'Table', about: 'Any list of the last answer, flattened into columns.' },
    !list && h('p', { className: 'atlas-empty' }, last ? 'This answer holds no list.' : 'Run a query that answers with a list.'),
    list && h(Fragment, null,
      lists.length > 1 && h(Picker, { lists, value: list.path, onChange: setPath }),
      h(Sheet, { key: `${list.path} ${list.columns.join()}`, list })));
}

function Picker({ lists, value, onChange }) {
  const id = useId();
  return h('div', { className: 'atlas-field' },
    h('label', { htmlFor: id }, 'List'),
    h('select', { id, value, onChange: (event) => onChange(event.target.value) }, lists.map(({ path, rows }) => h('option', { key: path, value: path }, `${path} (${rows.length})`))));
}

function Sheet({ list }) {
  const [order, setOrder] = useState(null);
  const [more, setMore] = useState(ROWS_SHOWN);
  useEffect(() => setMore(ROWS_SHOWN), [list]);
  const rows = useMemo(() => (order ? sortRows(list.rows, order.column, order.descending) : list.rows), [list, order]);
  // Up, down, as it came.
  const sortBy = (column) => setOrder(order?.column !== column ? { column, descending: false } : order.descending ? null : { column, descending: true });
  const save = () => download(csvName(list.path), 'text/csv;charset=utf-8', `\ufeff${toCsv(list.columns, rows)}`);
  return h(Fragment, null,
    h('div', { className: 'atlas-row' },
      h(Button, { kind: 'main', onClick: save }, 'Download CSV'),
      h('span', { className: 'atlas-faint', role: 'status' }, `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`)),
    list.cut && h('p', { className: 'atlas-hint' }, `Only the first ${ROWS_MAX} rows and ${COLUMNS_MAX} columns are here.`),
    h('div', { className: 'atlas-sheet', tabIndex: 0, role: 'region', 'aria-label': `The list ${list.path}` },
      h('table', null,
        h('caption', null, list.path),
        h('thead', null, h('tr', null, list.columns.map((name, column) => h(Heading, { key: name, name, order: order?.column === column ? order : null, onSort: () => sortBy(column) })))),
        h('tbody', null, rows.slice(0, more).map((row, index) => h('tr', { key: index }, row.map((value, column) => h('td', { key: column, className: typeof value === 'number' ? 'atlas-number' : undefined, title: shown(value).length > 40 ? shown(value).slice(0, 2_000) : undefined }, value === null ? h('span', { className: 'atlas-faint' }, '–') : shown(value).slice(0, 300)))))))),
    rows.length > more && h(Button, { onClick: () => setMore(more + ROWS_SHOWN) }, `Show ${Math.min(ROWS_SHOWN, rows.length - more)} more`));
}

function Heading({ name, order, onSort }) {
  const sort = order ? (order.descending ? 'descending' : 'ascending') : 'none';
  return h('th', { scope: 'col', 'aria-sort': sort },
    h('button', { type: 'button', onClick: onSort }, name, h('span', { 'aria-hidden': true, className: 'atlas-arrow' }, order ? (order.descending ? '▼' : '▲') : '')));
}
