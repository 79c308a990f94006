import { outbox } from './0001-outbox.ts';
import { plans } from './0002-plans.ts';
import { ledger } from './0003-ledger.ts';
import { invoices } from './0004-invoices.ts';
import { meter } from './0010-meter.ts';
import { budgets } from './0011-budgets.ts';
import { storage } from './0012-storage.ts';
import { provider } from './0020-provider.ts';

export const migrations = [outbox, plans, ledger, invoices, meter, budgets, storage, provider];
