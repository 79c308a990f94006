/** How often somebody may try. Counted before it is known how the attempt ends, so that a hundred at once are a hundred. */

/** What is tried: a sign-in or a password, asking for a reset, an account that may exist, a token from a mail. */
export type Door = 'sign-in' | 'reset-request' | 'register' | 'token';

export interface Attempt {
  /** Takes the count back: only failures weigh. */
  succeeded(): Promise<void>;
}

export interface Attempts {
  /** Throws TOO_MANY_ATTEMPTS with the time to wait. */
  begin(door: Door, who: { account: string | null; address: string | null }): Promise<Attempt>;
}
