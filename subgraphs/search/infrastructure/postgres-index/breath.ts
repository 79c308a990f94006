/** Long work lets others go on in between: so many steps, and the event loop has its turn. */
import { setImmediate as turn } from 'node:timers/promises';

const STEPS = 200_000;

export class Breath {
  private steps = 0;
  /** Resolves at once, most of the time. */
  async after(steps: number): Promise<void> {
    this.steps += steps;
    if (this.steps < STEPS) return;
    this.steps = 0;
    await turn();
  }
}
