/** Goes into every process of a bench with `--import`: tells how much CPU, of all its threads, it has used, and goes when the bench is gone. */
process.on('message', (message) => {
  if (message === 'cpu') process.send(process.cpuUsage());
});
process.on('disconnect', () => process.exit());
