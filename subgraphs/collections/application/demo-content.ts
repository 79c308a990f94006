/** What the tenant of the demonstration knows: a weather station on an island that does not exist. */
import type { CollectionRole } from '../domain/role.ts';
import type { Json } from '../domain/json.ts';

type Who = 'owner' | 'admin' | 'member' | 'guest';
interface DemoItem { title: string; body: string; url?: string; tags: readonly string[]; metadata: Json }
export interface DemoCollection {
  name: string;
  description: string;
  maker: Who;
  parts: Partial<Record<Who, CollectionRole>>;
  everyone?: CollectionRole;
  items: readonly DemoItem[];
}

const HANDBOOK: readonly DemoItem[] = [
  { title: 'Changing the watch', tags: ['safety', 'watch'], metadata: { reviewed: '2031-02-11', minutes: 15 },
    body: '# Changing the watch\n\nWhoever leaves tells whoever comes:\n\n1. what the barometer has done in the last three hours,\n2. which instruments are out of order,\n3. who is out on the island, and since when.\n\nThe log is signed by **both**.\n' },
  { title: 'When the generator fails', tags: ['power', 'safety'], metadata: { reviewed: '2031-01-20', minutes: 40, severity: 'high' }, url: 'https://example.org/handbook/generator',
    body: '# When the generator fails\n\nThe batteries carry the radio for six hours and everything for two. Switch off the workshop first, then the kitchen.\n\nCall the harbour *before* you open the engine, not after.\n' },
  { title: 'Visitors on the island', tags: ['visitors'], metadata: { reviewed: '2030-11-03', minutes: 10 },
    body: '# Visitors on the island\n\nEverybody who lands writes their name into the book. Nobody goes to the north cliff between April and July: the terns are breeding.\n' },
  { title: 'Calibrating the anemometer', tags: ['instruments', 'wind'], metadata: { reviewed: '2031-03-02', minutes: 90, tools: ['hex key 4 mm', 'level'] },
    body: '# Calibrating the anemometer\n\n| knots | turns a minute |\n|---|---|\n| 5 | 61 |\n| 20 | 245 |\n| 40 | 488 |\n\nMore than two in a hundred off: change the bearing, not the table.\n' },
];
const FIELD_NOTES: readonly DemoItem[] = [
  { title: 'Storm of 14 February', tags: ['storm', 'wind'], metadata: { date: '2031-02-14', gust: 71, pressure: 962.4 },
    body: 'Gusts of 71 knots at 03:40, lowest pressure 962.4 hPa half an hour later. The mast stood; the rain gauge is somewhere in the sea.\n' },
  { title: 'First terns back', tags: ['birds', 'terns'], metadata: { date: '2031-04-09', count: 43 },
    body: 'Forty-three on the north cliff, eleven days earlier than last year. Paths closed from today, see *Visitors on the island*.\n' },
  { title: 'Fog that would not lift', tags: ['fog', 'instruments'], metadata: { date: '2031-05-21', hours: 61 },
    body: 'Sixty-one hours of fog. The visibility sensor said 9 km all the while: its window was covered with salt.\n' },
  { title: 'Sea temperature, spring', tags: ['sea', 'temperature'], metadata: { from: '2031-03-01', to: '2031-05-31', mean: 8.7, unit: '°C' },
    body: '- March: 6.9 °C\n- April: 8.4 °C\n- May: 10.8 °C\n\nHalf a degree above the mean of ten years.\n' },
];
const READING: readonly DemoItem[] = [
  { title: 'A short history of the barometer', tags: ['history', 'pressure'], metadata: { pages: 24, language: 'en' }, url: 'https://example.org/library/barometer',
    body: 'Good on why mercury won over water: nobody had a tube ten metres high in the house.\n' },
  { title: 'Wind scales, from sight to number', tags: ['history', 'wind'], metadata: { pages: 61, language: 'en' }, url: 'https://example.org/library/wind-scales',
    body: 'What a fisherman sees, and what an instrument says of the same wind. Chapter 3 is the one to read.\n' },
  { title: 'Breeding terns and the weather', tags: ['birds', 'terns'], metadata: { pages: 18, language: 'en', doi: null }, url: 'https://example.org/library/terns',
    body: 'Cold springs delay them by a week, wet ones not at all. Compare with our own counts in *Field notes*.\n' },
];
const BOARD: readonly DemoItem[] = [
  { title: 'Budget for next year', tags: ['budget', 'draft'], metadata: { year: 2032, sum: 184_000, currency: 'EUR' },
    body: '# Draft\n\nA new mast, or a second boat: not both. **Not to be shared before the meeting.**\n' },
];

export const DEMO_COLLECTIONS: readonly DemoCollection[] = [
  { name: 'Handbook', description: 'How things are done at the station.', maker: 'owner', parts: { owner: 'OWNER', admin: 'EDITOR' }, everyone: 'VIEWER', items: HANDBOOK },
  { name: 'Field notes', description: 'What we saw and measured.', maker: 'member', parts: { member: 'OWNER', guest: 'VIEWER' }, everyone: 'EDITOR', items: FIELD_NOTES },
  { name: 'Reading list', description: 'What to read, and what for.', maker: 'member', parts: { member: 'OWNER', guest: 'EDITOR' }, items: READING },
  { name: 'Board', description: 'For whoever runs the station.', maker: 'owner', parts: { owner: 'OWNER' }, items: BOARD },
];
