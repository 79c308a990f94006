import type { Log } from '../../../platform/log.ts';
import { deliver, type Mail } from '../../../platform/mail.ts';
import type { Letters } from '../domain/ports.ts';

export class MailLetters implements Letters {
  /** `real`: letters leave the house; from a sandbox tenant none may. */
  constructor(private readonly given: { mail: Mail; log: Log; publicUrl: string; real: boolean }) {}

  async invite({ to, tenant, role, token, expiresAt }: Parameters<Letters['invite']>[0]): Promise<void> {
    const { mail, log, publicUrl, real } = this.given;
    const subject = `You are invited to ${tenant.name} on Atlas`;
    if (tenant.sandbox && real) {
      log.info({ to, subject }, 'A letter of a sandbox tenant was withheld.');
      return;
    }
    await deliver(mail, log, { to, subject, text: [
      `You are invited to join ${tenant.name} as ${role}.`,
      '',
      'Sign in, or register, and accept here:',
      // After the #, so that the token reaches no server's log and no other site; GraphiQL reads it, and so may any page at PUBLIC_URL.
      `${publicUrl.replace(/\/$/, '')}/#accept-invitation=${token}`,
      '',
      'Or give this token to acceptInvitation:',
      token,
      '',
      `It can be used once, until ${expiresAt.toISOString()}. If you did not expect this, do nothing.`,
      '',
    ].join('\n') });
  }
}
