/**
 * Goes into a side with `--import`: from when it is told `hear`, it keeps what is sent to the server, and what of it did not wait for an answer, and
 * `told` has it. It listens to the pg that the side itself is built on.
 */
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const heard = [];
process.on('message', (message) => {
  if (message === 'told') return process.send(heard.splice(0));
  if (message !== 'hear') return undefined;
  const { Client } = createRequire(resolve(process.argv[1]))('pg');
  const { query } = Client.prototype;
  Client.prototype.query = function (asked, ...rest) {
    const isBehind = Boolean(this.pipeline && (this._activeQuery || this._sentQueryQueue.length > 0));
    heard.push({ pid: this.processID, text: typeof asked === 'string' ? asked : asked.text, name: asked.name, isBehind });
    return query.call(this, asked, ...rest);
  };
  return process.send('hears');
});
