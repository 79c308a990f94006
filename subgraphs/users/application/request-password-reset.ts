import { normalEmail } from '../../../platform/text.ts';
import { Stranger } from '../domain/stranger.ts';
import { personScope, type Caller, type Tools } from './ports.ts';

export type RequestPasswordReset = (caller: Caller, input: { email: string }) => Promise<object>;

/** Answers the same, and does as much, whether or not the e-mail has an account. The letter is written by whoever handles the event. */
export const requestPasswordReset = (given: Pick<Tools, 'desk' | 'attempts'>): RequestPasswordReset => async (caller, input) => {
  const email = normalEmail(input.email);
  const { address } = caller.client;
  await given.attempts.begin('reset-request', { account: email, address });
  return given.desk.work(personScope(caller), async ({ users, witness }) => {
    const user = await users.withEmail(email);
    if (user) {
      user.askForPasswordReset(address);
    } else {
      const stranger = new Stranger(address);
      stranger.askForPasswordReset();
      witness(stranger);
    }
    return {};
  });
};
