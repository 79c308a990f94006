import { describe, expect, it } from '@jest/globals';
import { ID_KINDS, isId, newId, nodePrefix } from './ids.ts';

describe('an id', () => {
  it('says its kind, and sorts by when it was made', () => {
    const made = Array.from({ length: 1_000 }, () => newId('usr'));
    expect([...made].sort()).toEqual(made);
    expect(new Set(made).size).toBe(1_000);
    for (const prefix of Object.keys(ID_KINDS)) expect(nodePrefix(`${prefix}_${made[0]!.slice(4)}`)).toBe(prefix);
  });

  it('has one spelling; whatever else looks like it is none', () => {
    const id = newId('usr');
    expect(isId('usr', id)).toBe(true);
    for (const other of [id.toUpperCase(), id.slice(0, -1), `${id}0`, `tnt${id.slice(3)}`, ` ${id}`, `${id}\n`, `usr_8${id.slice(5)}`, `usr_${id.slice(4, -1)}u`, `${id}'; --`, '', null, 1]) {
      expect([other, isId('usr', other)]).toEqual([other, false]);
    }
  });

  it('of an inner kind is no node', () => {
    expect(nodePrefix(newId('ses'))).toBeNull();
    expect(nodePrefix('constructor_01m7y3q44te4dtqze2cwdg783d')).toBeNull();
  });
});
