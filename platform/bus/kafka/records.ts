/** What the bus and its Kafka client say to each other; the client alone knows with which library it is done (client.ts). */
export interface Spot { topic: string; partition: number }
/** The offset is of what comes next. Numbers are exact up to 2^53, which no partition will reach. */
export interface Place extends Spot { offset: number }
export interface Received extends Spot { offset: number; value: string }
export interface Sent { topic: string; key: string; value: string; at: number }

/** Of a topic, by partition: the oldest that is kept, and what the next one will get. */
export interface Bounds { low: number[]; high: number[] }
export interface GroupState { topics: string[]; committed: Place[] }

export type Commit = (places: readonly Place[]) => Promise<void>;

export interface Reading {
  group: string;
  topics: readonly string[];
  /** Takes all partitions, so that the other members have none while it is there. */
  alone?: boolean;
  /** Runs before it joins, and again each time that it has to begin anew. */
  before?: () => Promise<void>;
  /** What is to be read from now on and nothing else; what was received before is void. Answers where to begin, where that is not the committed place. */
  assigned: (spots: readonly Spot[], commit: Commit) => readonly Place[];
  /** The next ones of one partition. The commit fails once the partition may have been given to another. */
  received: (records: readonly Received[], commit: Commit) => void;
}

export interface Reader {
  /** Nothing more is wanted of this partition for now. */
  pause(spot: Spot): void;
  resume(spot: Spot): void;
  /** Leaves the group. */
  stop(): Promise<void>;
}

export interface KafkaClient {
  /** Resolves when every replica that counts has them, those of one key in this order. Not to be called again before. */
  send(records: readonly Sent[]): Promise<void>;
  /** Joins a group, and joins again whatever happens, until it is stopped. */
  read(reading: Reading): Reader;
  /** Makes the topics that there are not yet. */
  ensure(topics: readonly string[]): Promise<void>;
  bounds(topic: string): Promise<Bounds>;
  /** The first offset of each partition with a time that is not before this one; where there is none, the next one. */
  offsetsAt(topic: string, at: Date): Promise<number[]>;
  groups(prefix: string): Promise<string[]>;
  groupState(group: string): Promise<GroupState>;
  forget(group: string): Promise<void>;
  /** Rejects when Kafka does not answer. */
  reach(): Promise<void>;
  close(): Promise<void>;
}

export const nameOf = ({ topic, partition }: Spot): string => `${topic}/${partition}`;
