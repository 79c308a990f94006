import { Aggregate } from '../../../platform/aggregate.ts';
import { newId, type ConversationId, type TenantId } from '../../../platform/ids.ts';
import { lineOf } from '../../../platform/text.ts';
import { conversationDeleted, conversationRenamed, conversationStarted } from '../events.ts';

const TITLE_MAX = 200;

/** Questions and answers that follow from each other: theirs alone who asks, whatever anybody's role is. */
export class Conversation extends Aggregate {
  readonly id: ConversationId;
  readonly tenantId: TenantId;
  /** A person or a key. */
  readonly owner: string;
  title: string;
  readonly createdAt: Date;
  /** Of the last question. */
  updatedAt: Date;

  private constructor(given: { tenantId: TenantId; owner: string; title: string }) {
    super();
    this.id = newId('cnv');
    this.tenantId = given.tenantId;
    this.owner = given.owner;
    this.title = given.title;
    this.createdAt = new Date();
    this.updatedAt = this.createdAt;
  }

  /** It is called by its first question until somebody says otherwise. */
  static start(given: { tenantId: TenantId; owner: string; question: string }): Conversation {
    const conversation = new Conversation({ ...given, title: titleOf(given.question) });
    conversation.record(conversationStarted({ conversationId: conversation.id }, { audit: conversation.audit() }));
    return conversation;
  }
  continue(): void {
    this.updatedAt = new Date(Math.max(Date.now(), this.updatedAt.getTime() + 1));
  }
  rename(title: string): void {
    this.title = lineOf(title, 'title', TITLE_MAX);
    this.record(conversationRenamed({ conversationId: this.id }, { audit: this.audit() }));
  }
  /** What it holds goes with it. */
  delete(): void {
    this.record(conversationDeleted({ conversationId: this.id }, { audit: this.audit() }));
  }
  /** What people ask is theirs: the trail says that they did, and nobody else reads what. */
  private audit() { return { entityType: 'Conversation', entityId: this.id }; }
}

function titleOf(question: string): string {
  const line = question.replace(/\s+/gu, ' ').trim();
  const letters = [...line];
  return letters.length <= TITLE_MAX ? line : `${letters.slice(0, TITLE_MAX - 1).join('').trimEnd()}…`;
}
