import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { openStems } from '../../../platform/stems.ts';
import { enriched } from './enriching.ts';
import { languageIn } from './language.ts';
import { plainOf } from './plain.ts';

const stems = openStems();
const doc = (name: string) => { const body = readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8'); return { title: /^# (.*)$/m.exec(body)![1]!, body }; };

describe('what is said of an item by rule', () => {
  it.each([
    ['en', 'The keys of the office are kept in the drawer, and whoever leaves last has to lock the door.'], ['de', 'Die Schlüssel des Büros liegen in der Schublade, und wer als Letzter geht, muss die Tür abschließen.'],
    ['fr', 'Les clés du bureau sont dans le tiroir, et celui qui part le dernier doit fermer la porte.'], ['es', 'Las llaves de la oficina están en el cajón, y el que sale el último tiene que cerrar la puerta.'],
    ['it', 'Le chiavi dell’ufficio sono nel cassetto e chi esce per ultimo deve chiudere la porta con la chiave.'], ['nl', 'De sleutels van het kantoor liggen in de lade en wie het laatst weggaat moet de deur op slot doen.'], ['ru', 'Ключи от офиса лежат в ящике, и тот, кто уходит последним, должен запереть за собой дверь.'],
  ])('names its language: %s', (language, text) => {
    expect(languageIn(text, stems)).toBe(language);
  });

  it('names none where nobody can tell', () => {
    for (const text of ['', '12 345', 'Xkcd Qwerty Zyx', 'const x = y[0];']) expect(languageIn(text, stems)).toBeNull();
  });

  it('suggests tags that it is about, by the words that the collection uses where it has them', () => {
    const { tags } = enriched(doc('webhooks'), ['webhooks', 'gardening'], stems);
    expect(tags[0]).toBe('webhooks');
    expect(tags).not.toContain('gardening');
    expect(tags.length).toBeLessThanOrEqual(5);
    expect(new Set(tags.map((tag) => stems.stem('en', tag))).size).toBe(tags.length);
    expect(enriched(doc('audit'), [], stems).tags).toEqual(expect.arrayContaining([expect.stringMatching(/^(audit|trail|chain|row|event)s?$/)]));
  });

  it('sums up with sentences that stand in it, in their order, and never at length; a short text needs none', () => {
    for (const name of ['webhooks', 'audit', 'items', 'search', 'importing']) {
      const { title, body } = doc(name);
      const { summary } = enriched({ title, body }, [], stems);
      expect(summary!.length).toBeLessThanOrEqual(600);
      const whole = plainOf(body).replaceAll('`', '');
      for (const sentence of summary!.split(/(?<=[.!?…]) /u)) expect(whole).toContain(sentence.replaceAll('`', ''));
    }
    expect(enriched({ title: 'Short', body: 'It is short. It needs nothing.' }, [], stems).summary).toBeNull();
  });

  it('is the same every time, and says by which rules', () => {
    expect(enriched(doc('items'), [], stems)).toEqual(enriched(doc('items'), [], stems));
    expect(enriched({ title: '', body: '' }, ['x'], stems)).toEqual({ version: 1, language: null, tags: [], summary: null });
  });
});
