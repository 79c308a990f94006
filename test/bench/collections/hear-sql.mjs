/**
 * Goes into a side with `--import`: from when it is told `hear`, it keeps what is sent to the server, one text a round trip, and
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
    heard.push({ pid: this.processID, text: typeof asked === 'string' ? asked : asked.text, name: asked.name });
    return query.call(this, asked, ...rest);
  };
  return process.send('hears');
});
