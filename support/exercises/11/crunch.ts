/** A child that computes: it is given how many ms, and answers with a number of its own. Of 0 it ends without an answer, of less it crashes. */
process.once("message", (ms: number) => {
  if (ms <= 0) process.exit(ms < 0 ? 3 : 0);
  const end = performance.now() + ms;
  let rounds = 0;
  while (performance.now() < end) rounds += 1;
  process.send?.(rounds > 0 ? ms * 2 + 1 : 0);
  process.disconnect();
});
// It means to tidy up when it is asked to end, but nobody hears that while it computes.
process.on("SIGTERM", () => process.exit(0));
