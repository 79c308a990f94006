/** What is searched for and found, over one kit. */
import './attack.part.test.ts';
import './meaning.part.test.ts';
import './reindex.part.test.ts';
import './saved-searches.part.test.ts';
import './search.part.test.ts';
