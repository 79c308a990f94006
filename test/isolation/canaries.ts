/** Words that stand nowhere else: each is written into one thing, so that wherever one turns up, it is known whose it is. */
import type { Tokens } from '../kit/people.ts';

export interface CollectionState { id: string; tenant: TenantState; name: string; shares: Map<string, Part>; deleted: boolean }
export interface ItemState { id: string; collection: CollectionState; title: string; version: number; deleted: boolean }
export interface AttachmentState { id: string; item: ItemState; name: string; content: string; key: string; removed: boolean }
/** A file that may be sent, and then used once by whoever asked for it; an import's says what is in it. */
export interface UploadState { id: string; owner: string; tenant: TenantState; purpose: 'ATTACHMENT' | 'IMPORT'; name: string; content: Buffer; rows: Row[] | null; sent: boolean; used: boolean }
/** A row of a file: what it is called when it is brought in, null when it is refused; and all the words in it. */
export interface Row { title: string | null; words: string[] }
/** `by` asked for it, and what they may do today decides how it goes. `held`: this run keeps it waiting. */
export interface JobState {
  id: string; kind: 'collections.import-items' | 'collections.export-collection'; by: Principal; collection: CollectionState;
  state: 'QUEUED' | 'SUCCEEDED' | 'FAILED'; code: string | null; held: boolean;
  /** What is brought in; null for a file that nobody can read. */
  rows: Row[] | null;
  /** How many items there were when it was asked for: an export leaves out what was made since. */
  itemsBefore: number;
  /** What an export wrote. */
  file: string | null;
}
/** A question that somebody keeps: theirs alone. */
export interface SavedState { id: string; owner: string; tenant: TenantState; deleted: boolean }
/** What somebody has asked: theirs alone, but for those who decide of what waits. */
export interface ConversationState { id: string; owner: string; tenant: TenantState; deleted: boolean }
/** `ended`: for certain. */
export interface AskedState { id: string; cursor: string; conversation: ConversationState; ended: boolean }
export interface TenantState { id: string; slug: string; founder: PersonState; members: Map<string, Role>; invitations: InvitationState[]; webhooks: Map<string, boolean>; /** Those whom it names beside owners and admins. */ approvers: Set<string> }
export interface PersonState { id: string; email: string; password: string; session: Tokens; everIn: Set<TenantState> }
export interface KeyState { id: string; secret: string; tenant: TenantState; creator: PersonState; scopes: string[]; heldTo: string[] | null; revoked: boolean }
/** Somebody who asks: a person in a tenant or in none, a key, or nobody. */
export interface Principal { name: string; person: PersonState | null; tenant: TenantState | null; key: KeyState | null }
export interface InvitationState { id: string; email: string; role: Role; by: PersonState | null; open: boolean }
export type Role = 'GUEST' | 'MEMBER' | 'ADMIN' | 'OWNER';
export type Part = 'VIEWER' | 'EDITOR' | 'OWNER';

/** What a word was written into. */
export type Place =
  | { in: 'tenant' | 'administration'; tenant: TenantState; maker?: PersonState }
  | { in: 'collection'; collection: CollectionState }
  | { in: 'item'; item: ItemState }
  | { in: 'link'; from: ItemState; to: ItemState[] }
  | { in: 'attachment'; attachment: AttachmentState }
  | { in: 'upload'; upload: UploadState }
  /** `file`: what it wrote, which takes the collection too. */
  | { in: 'job'; job: JobState; file?: boolean }
  | { in: 'saved search'; saved: SavedState }
  | { in: 'conversation'; conversation: ConversationState }
  | { in: 'name' | 'email'; person: PersonState };

const FORM = /zq[0-9a-f]{8}qz/g;

export class Canaries {
  private readonly places = new Map<string, Place[]>();
  private count = 0;
  /** `beside`: of other worlds, whose words are nobody's here. */
  constructor(private readonly seed: number, private readonly beside: readonly Canaries[] = []) {}

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
      const places = this.places.get(word) ?? this.beside.find((other) => other.places.has(word))?.placesOf(word);
      return places ? [{ word, places }] : [];
    });
  }
  all(): readonly string[] { return [...this.places.keys()]; }
  placesOf(word: string): readonly Place[] { return this.places.get(word) ?? []; }
}
export const wordsIn = (value: unknown): string[] => [...new Set(JSON.stringify(value).match(FORM) ?? [])];
