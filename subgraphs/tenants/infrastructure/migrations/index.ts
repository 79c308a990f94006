import { outbox } from './0001-outbox.ts';
import { tenants } from './0002-tenants.ts';
import { trustedDocuments } from './0003-trusted-documents.ts';
import { audit } from './0004-audit.ts';
import { webhooks } from './0005-webhooks.ts';
import { webhookFormats } from './0006-webhook-formats.ts';
import { entitlements } from './0007-entitlements.ts';
import { recalled } from './0008-recalled.ts';

export const migrations = [outbox, tenants, trustedDocuments, audit, webhooks, webhookFormats, entitlements, recalled];
