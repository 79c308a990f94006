/** Plans, budgets and what is counted, over one kit. */
import './billing.part.test.ts';
import './budgets.part.test.ts';
import './entitlements.part.test.ts';
import './meter-replay.part.test.ts';
import './usage.part.test.ts';
