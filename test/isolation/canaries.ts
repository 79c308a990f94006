/** Words that stand nowhere else: each is written into one thing, so that wherever one turns up, it is known whose it is. */
import type { Tokens } from '../kit/people.ts';

export interface CollectionState { id: string; tenant: TenantState; name: string; shares: Map<string, Part>; deleted: boolean }
export interface ItemState { id: string; collection: CollectionState; title: string; version: number; deleted: boolean }
export interface TenantState { id: string; slug: string; founder: PersonState; members: Map<string, Role>; invitations: InvitationState[]; webhooks: Map<string, boolean> }
export interface PersonState { id: string; email: string; password: string; session: Tokens; everIn: Set<TenantState> }
export interface KeyState { id: string; secret: string; tenant: TenantState; creator: PersonState; scopes: string[]; heldTo: string[] | null; revoked: boolean }
export interface InvitationState { id: string; email: string; role: Role; by: PersonState | null; open: boolean }
export type Role = 'GUEST' | 'MEMBER' | 'ADMIN' | 'OWNER';
export type Part = 'VIEWER' | 'EDITOR' | 'OWNER';

/** What a word was written into. */
export type Place =
  | { in: 'tenant' | 'administration'; tenant: TenantState; maker?: PersonState }
  | { in: 'collection'; collection: CollectionState }
  | { in: 'item'; item: ItemState }
  | { in: 'link'; from: ItemState; to: ItemState[] }
  | { in: 'name' | 'email'; person: PersonState };

const FORM = /zq[0-9a-f]{8}qz/g;

export class Canaries {
  private readonly places = new Map<string, Place[]>();
  private count = 0;
  constructor(private readonly seed: number) {}

  /** A new one. It fits into names, tags, links, addresses and slugs alike. */
  mint(): string {
    this.count += 1;
    return `zq${((this.seed * 0x9e3779b1 + this.count) >>> 0).toString(16).padStart(8, '0')}qz`;
  }
  /** Says of each of these words what it was written into. */
  plant(words: readonly string[], place: Place): void {
    for (const word of words) this.places.set(word, [...this.places.get(word) ?? [], place]);
  }
  /** Every one that stands in a text, with what it was written into; none that was never planted. */
  in(text: string): { word: string; places: readonly Place[] }[] {
    return [...new Set(text.match(FORM) ?? [])].flatMap((word) => {
      const places = this.places.get(word);
      return places ? [{ word, places }] : [];
    });
  }
  all(): readonly string[] { return [...this.places.keys()]; }
  placesOf(word: string): readonly Place[] { return this.places.get(word) ?? []; }
}
export const wordsIn = (value: unknown): string[] => [...new Set(JSON.stringify(value).match(FORM) ?? [])];
