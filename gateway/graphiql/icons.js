/** The marks of the panels: drawn with strokes in the colour of the text, as GraphiQL's own are. */
import { h } from './elements.js';

const icon = (...paths) => () => h('svg', { viewBox: '0 0 24 24', width: '1em', height: '1em', fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round', strokeLinejoin: 'round', 'aria-hidden': true },
  paths.map((d) => h('path', { key: d, d })));

export const AccountIcon = icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M4 20c1-4 4-6 8-6s7 2 8 6');
export const SavedIcon = icon('M6 3h12v18l-6-4-6 4z');
export const PlanIcon = icon('M5 3v4h6', 'M5 7v10h6', 'M13 5h6v4h-6z', 'M13 15h6v4h-6z');
export const TableIcon = icon('M4 5h16v14H4z', 'M4 10h16', 'M4 14.5h16', 'M10 5v14');
