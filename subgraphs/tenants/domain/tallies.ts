/** What machines count many times a second: nobody did it to anything, so it is no part of a trail, and no news to those who did not ask for it by name. */
const TALLIES: ReadonlySet<string> = new Set(['gateway.usage-recorded']);

export const isTally = ({ type }: { type: string }): boolean => TALLIES.has(type);
