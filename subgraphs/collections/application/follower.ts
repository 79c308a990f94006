/**
 * One who follows items: what waits for them, in order and each once. It is bounded: who falls behind what happens is
 * ended with a code and can go on from their last cursor; what is read from the log for them waits until there is room.
 */
import { AtlasError } from '../../../platform/errors.ts';
import type { CollectionId, TenantId } from '../../../platform/ids.ts';
import type { News } from './item-news.ts';

/** Their rights are looked up once for so many. */
const BURST_MAX = 100;

export class Follower {
  private waiting: News[] = [];
  private ended = false;
  private error: AtlasError | null = null;
  private wakeReader: () => void = () => undefined;
  private wakeWriter: () => void = () => undefined;

  /** `seen`: everything up to this position is theirs already. */
  constructor(readonly tenantId: TenantId, private readonly collectionId: CollectionId | null, private seen: number, private readonly waitingMax: number) {}

  get isOver(): boolean { return this.ended; }

  /** What just happened. */
  tell(news: News): void {
    if (!this.wants(news)) return;
    if (this.waiting.length < this.waitingMax) this.keep(news);
    else this.end(new AtlasError('SLOW_CONSUMER'));
  }

  /** What happened a while ago; resolves when there is room for more. */
  async retell(news: News): Promise<void> {
    if (!this.wants(news)) return;
    this.keep(news);
    while (this.waiting.length >= this.waitingMax && !this.ended) await new Promise<void>((resolve) => { this.wakeWriter = resolve; });
  }

  /** The next ones, once there are any; none when it is over. Throws what ended it. */
  async take(): Promise<News[]> {
    while (this.waiting.length === 0 && !this.ended) await new Promise<void>((resolve) => { this.wakeReader = resolve; });
    const burst = this.waiting.splice(0, BURST_MAX);
    this.wakeWriter();
    if (burst.length === 0 && this.error) throw this.error;
    return burst;
  }

  /** With an error, what waits is told no more: whoever follows on from their last cursor gets it then. */
  end(error: AtlasError | null = null): void {
    if (this.ended) return;
    this.ended = true;
    this.error = error;
    this.waiting = [];
    this.wakeReader();
    this.wakeWriter();
  }

  private wants({ tenantId, collectionId, position }: News): boolean {
    return !this.ended && position > this.seen && tenantId === this.tenantId && (this.collectionId === null || collectionId === this.collectionId);
  }

  private keep(news: News): void {
    this.seen = news.position;
    this.waiting.push(news);
    this.wakeReader();
  }
}
