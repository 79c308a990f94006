/** Everything about items, over one kit. */
import './items.part.test.ts';
import './item-list.part.test.ts';
import './item-texts.part.test.ts';
import './item-numbers.part.test.ts';
import './item-words.part.test.ts';
import './revisions.part.test.ts';
