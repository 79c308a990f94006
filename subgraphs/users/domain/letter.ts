/** What is written to people. Plain text, with a link to follow and the bare token to paste. */
import type { Id } from '../../../platform/ids.ts';

export interface Letter { to: string; subject: string; text: string }

export interface Letters {
  /** Rejects when it may succeed later. A mailbox that does not exist is not tried again: it would hold back everybody else's letters. */
  send(letter: Letter): Promise<void>;
}

/** Which events have been handled, for effects that no transaction can take back. */
export interface Handled {
  has(consumer: string, eventId: Id<'evt'>): Promise<boolean>;
  mark(consumer: string, eventId: Id<'evt'>): Promise<boolean>;
}

interface Written { to: string; name: string; token: string; publicUrl: string }

/** The token stands after the `#`, which browsers keep to themselves: it reaches neither logs nor other sites. GraphiQL reads it, and so may any page at PUBLIC_URL. */
const link = (publicUrl: string, page: string, token: string): string => `${publicUrl.replace(/\/+$/, '')}/#${page}=${token}`;

export const verificationLetter = ({ to, name, token, publicUrl }: Written): Letter => ({
  to,
  subject: 'Confirm your e-mail for Atlas',
  text: `Hello ${name},

welcome to Atlas. To confirm that this is your e-mail, open

${link(publicUrl, 'verify-email', token)}

or give this token to verifyEmail:

${token}

It is good for seven days, once. If you did not make an account, ignore this letter.
`,
});

export const passwordResetLetter = ({ to, name, token, publicUrl }: Written): Letter => ({
  to,
  subject: 'A new password for Atlas',
  text: `Hello ${name},

somebody, hopefully you, asked for a new password. To choose one, open

${link(publicUrl, 'reset-password', token)}

or give this token to resetPassword:

${token}

It is good for one hour, once, and signs you out everywhere. If it was not you, ignore this letter: nothing has changed.
`,
});

export const webhookDisabledLetter = ({ to, name, tenantName, host, webhookId, reason }: { to: string; name: string; tenantName: string; host: string; webhookId: string; reason: 'GONE' | 'FAILING' }): Letter => ({
  to,
  subject: `A webhook of ${tenantName} was disabled`,
  text: `Hello ${name},

Atlas sends nothing more to ${host}: ${reason === 'GONE' ? 'it answered that it wants no more (410 Gone)' : 'for days it has taken nothing that was sent'}.

What still waited was given up. Once the receiver works again, enable the webhook with updateWebhook and send again what was missed with redeliverWebhook:

${webhookId}
`,
});

interface Reached {
  to: string; name: string; tenantName: string; budgetId: string; period: 'DAY' | 'MONTH'; unit: 'POINTS' | 'TOKENS' | 'MONEY'; amount: string; currency: string | null; hard: boolean;
  userId: string | null; keyId: string | null; collectionId: string | null; share: number; spent: string; resetAt: string;
}

export const budgetReachedLetter = ({ to, name, tenantName, budgetId, period, unit, amount, currency, hard, userId, keyId, collectionId, share, spent, resetAt }: Reached): Letter => {
  const counted = unit === 'MONEY' ? currency ?? '' : unit.toLowerCase();
  const target = userId ?? keyId ?? collectionId;
  const follows = share < 100 ? 'Nothing is refused yet.' : hard ? `It is a hard one: until ${resetAt} what would use more is refused.` : 'It is a soft one: nothing is refused.';
  return {
    to,
    subject: `${share} % of a budget of ${tenantName} is used`,
    text: `Hello ${name},

${spent} of ${amount} ${counted} for this ${period.toLowerCase()} are used${target ? `, by or in ${target}` : ''}. ${follows}

setBudget changes it:

${budgetId}
`,
  };
};
