/** A tenant's index as it is now: its segments, and what stands in none of them yet. Each question takes one, and keeps to it. */
import { LRUCache } from 'lru-cache';
import type { Database } from '../../../../platform/database/database.ts';
import type { Scope } from '../../../../platform/database/scope.ts';
import type { TenantId } from '../../../../platform/ids.ts';
import { analysed } from '../../domain/analysed.ts';
import type { Analyzer } from '../../domain/ports.ts';
import { Breath } from './breath.ts';
import { Delta, type Pending } from './delta.ts';
import { readDocuments, type Stretch } from './documents.ts';
import { metadataTerms } from './metadata-term.ts';
import { readManifest, readSegments, type Manifest, type Opened } from './read-segments.ts';
import type { BlockCache } from './block-cache.ts';
import type { Source } from './source.ts';

/** Documents that stand in no segment yet, of one tenant: what is more is found when those before are folded. */
export interface Limits { pendingMax: number; pendingBytesMax: number }

export interface TenantView {
  tenantId: TenantId;
  delta: Delta;
  segments: readonly (Source & { opened: Opened })[];
  upTo: bigint;
}

/** The index belongs to the machines: rights come with the question. */
export const asSearch = (tenantId: TenantId): Scope => ({ kind: 'system', id: 'system:search', userId: null, tenantId });

const IN_MEMORY = 8; // bytes, for one of text
const PER_TENANT = 2_000;

type Dead = ReadonlyMap<number, { version: number; dead: Uint8Array }>;
interface Known { delta: Delta; dead: Dead }
interface Refreshed extends Known { manifest: Manifest }

export class TenantViews {
  private readonly known: LRUCache<TenantId, Known>;
  private readonly turns = new Map<TenantId, { running: Promise<Refreshed>; queued?: Promise<Refreshed> }>();

  constructor(private readonly given: { database: Database; analyzer: Analyzer; cache: BlockCache; limits: Limits; bytesMax: number }) {
    const sizeOf = ({ delta, dead }: Known) => PER_TENANT + delta.bytes * IN_MEMORY + [...dead.values()].reduce((sum, one) => sum + one.dead.length, 0);
    this.known = new LRUCache({ maxSize: given.bytesMax, sizeCalculation: sizeOf });
  }

  async of(tenantId: TenantId): Promise<TenantView> {
    const now = await this.refreshed(tenantId);
    return { tenantId, delta: now.delta, segments: await this.opened(tenantId, now), upTo: now.delta.readTo };
  }

  /** Whoever comes while one is read waits for the next, together with all others: what they have just written is in it. */
  private refreshed(tenantId: TenantId): Promise<Refreshed> {
    const turn = this.turns.get(tenantId);
    if (turn) return (turn.queued ??= turn.running.catch(() => undefined).then(() => this.begin(tenantId)));
    return this.begin(tenantId);
  }
  private begin(tenantId: TenantId): Promise<Refreshed> {
    const running = this.refresh(tenantId);
    const turn = { running };
    this.turns.set(tenantId, turn);
    const end = () => { if (this.turns.get(tenantId) === turn) this.turns.delete(tenantId); };
    running.then(end, end);
    return running;
  }

  private async refresh(tenantId: TenantId): Promise<Refreshed> {
    const known = this.known.get(tenantId);
    const versions = Object.fromEntries([...known?.dead ?? []].map(([id, { version }]) => [id, version]));
    const { manifest, kept, stretch } = await this.given.database.read(asSearch(tenantId), async (on) => {
      const manifest = await readManifest(on, tenantId, versions);
      const base = known && known.delta.folded <= manifest.folded ? known.delta : Delta.empty(manifest.folded);
      const kept = base.next(manifest.folded, [], base.readTo > manifest.folded ? base.readTo : manifest.folded);
      return { manifest, kept, stretch: kept.readTo < manifest.seq ? await this.stretch(on, tenantId, kept) : null };
    });
    const delta = stretch ? await this.extended(kept, stretch, manifest) : kept;
    const dead = new Map(manifest.segments.map(({ id, size, deadVersion, dead }) => [id, { version: deadVersion, dead: dead ?? known?.dead.get(id)?.dead ?? new Uint8Array(size) }]));
    this.known.set(tenantId, { delta, dead });
    return { manifest, delta, dead };
  }

  private stretch(on: Parameters<typeof readDocuments>[0], tenantId: TenantId, { pending, bytes, readTo }: Delta) {
    const { pendingMax, pendingBytesMax } = this.given.limits;
    const max = pendingMax - pending.size;
    return max > 0 && bytes < pendingBytesMax ? readDocuments(on, tenantId, { after: readTo, max, bytesMax: pendingBytesMax - bytes }) : null;
  }

  private async extended(kept: Delta, stretch: Stretch, manifest: Manifest): Promise<Delta> {
    const breath = new Breath();
    const later: Pending[] = [];
    for (const { doc, bytes } of stretch.docs) {
      later.push({ itemId: doc.itemId, seq: doc.seq, bytes, ordinals: new Map(), analysed: doc.deleted ? null : analysed(doc, this.given.analyzer, metadataTerms(doc.metadata)) });
      await breath.after(bytes * 2);
    }
    const last = later.at(-1)?.seq ?? kept.readTo;
    return kept.next(kept.folded, later, stretch.whole && manifest.seq > last ? manifest.seq : last);
  }

  private async opened(tenantId: TenantId, { manifest, delta, dead }: Refreshed): Promise<TenantView['segments']> {
    const { cache, database } = this.given;
    const opened = new Map(manifest.segments.map(({ id }) => [id, cache.opened(tenantId, id)]));
    const unread = [...opened].flatMap(([id, there]) => (there ? [] : [id]));
    if (unread.length > 0) {
      const read = await database.read(asSearch(tenantId), (on) => readSegments(on, tenantId, unread));
      for (const { id, ...segment } of read) opened.set(id, cache.keepOpened(tenantId, id, segment));
    }
    return manifest.segments.map(({ id }) => {
      const segment = opened.get(id)!;
      const overlaid = dead.get(id)!.dead.slice();
      for (const ordinal of delta.supersededIn(id, segment.columns)) overlaid[ordinal] = 1;
      return { id, columns: segment.columns, dead: overlaid, opened: segment };
    });
  }
}
