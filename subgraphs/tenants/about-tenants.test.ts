/** Everything about tenants and who belongs to them, over one kit. */
import './tenants.part.test.ts';
import './members.part.test.ts';
import './invitations.part.test.ts';
import './api-keys.part.test.ts';
import './isolation.part.test.ts';
