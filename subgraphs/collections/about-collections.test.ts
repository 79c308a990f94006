/** Everything about collections and what leads from item to item, over one kit. */
import './collections.part.test.ts';
import './isolation.part.test.ts';
import './links.part.test.ts';
