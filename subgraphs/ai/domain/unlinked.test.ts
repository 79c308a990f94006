import { describe, expect, it } from '@jest/globals';
import { unlinked } from './unlinked.ts';

describe('a text that somebody edited', () => {
  it('names the citations that there are by the numbers that it names them by, in whatever order', () => {
    expect(unlinked('Second [2], first [1], both [2, 1], and second again [2].', 2)).toBe('Second [2], first [1], both [2][1], and second again [2].');
    expect(unlinked('None [3] of these [0].', 2)).toBe('None  of these .');
  });
  it('leads nowhere', () => {
    expect(unlinked(' See [here](https://evil.example) ![x](https://evil.example/p) or www.evil.example [1] ', 1)).toBe('See [here]   or ‹link removed› [1]');
  });
});
