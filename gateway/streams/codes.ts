/**
 * Why a socket is closed, as the close code and reason that its client sees. Those below 4000 and those of the protocol
 * are what clients of graphql-transport-ws know by themselves; docs/streams.md holds the same table.
 */
interface Close { code: number; again: 'at once' | 'after a while' | 'with a new credential' | 'no'; meaning: string }

export const CLOSES = {
  SHUTTING_DOWN: { code: 1012, again: 'at once', meaning: 'The process is stopping; another takes over. Queries and mutations that ran were answered first.' },
  SUPERGRAPH_CHANGED: { code: 1012, again: 'at once', meaning: 'A new graph took over. Queries and mutations that ran were answered first.' },
  OVERLOADED: { code: 1013, again: 'after a while', meaning: 'This gateway holds as many sockets as it may, or could not find out who asks: the reason is the code of errors.md.' },
  MESSAGE_TOO_LARGE: { code: 1009, again: 'no', meaning: 'A message may hold a megabyte.' },
  BAD_MESSAGE: { code: 4400, again: 'no', meaning: 'The message is not one of the protocol.' },
  NOT_ACKNOWLEDGED: { code: 4401, again: 'no', meaning: 'An operation came before `connection_ack`.' },
  REFUSED: { code: 4403, again: 'with a new credential', meaning: 'The credential was refused, when the socket opened or later; the reason is the code of errors.md.' },
  PROTOCOL_UNKNOWN: { code: 4406, again: 'no', meaning: 'The subprotocol is `graphql-transport-ws`.' },
  INIT_TIMEOUT: { code: 4408, again: 'at once', meaning: '`connection_init` did not come in time (`STREAM_INIT_MS`).' },
  ID_TAKEN: { code: 4409, again: 'no', meaning: 'An operation with this id runs already.' },
  INIT_TWICE: { code: 4429, again: 'no', meaning: '`connection_init` came twice.' },
  SLOW_CONSUMER: { code: 4490, again: 'at once', meaning: 'The socket took no more, and as much waited for it as may.' },
  INTERNAL: { code: 4500, again: 'no', meaning: 'Something failed on our side.' },
} as const satisfies Record<string, Close>;
