/** Goes into a gateway with `--import`, beside `--expose-gc`: tells how many bytes its process holds once what nobody needs has been let go of. */
process.on('message', (message) => {
  if (message !== 'memory') return;
  globalThis.gc();
  const { rss, heapUsed, external } = process.memoryUsage();
  process.send({ rss, held: heapUsed + external });
});
