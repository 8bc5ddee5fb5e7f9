/**
 * Hears of promises that fail while nobody waits for them.
 *
 * @param unhandled is told the reason; true from it: this was a trial's, whose finding it is
 */
export function followRejections(unhandled: (reason: unknown) => boolean): void {
  const tried = new WeakSet<Promise<unknown>>();
  process.on("unhandledRejection", (reason, promise) => {
    if (unhandled(reason)) tried.add(promise);
  });
  // Node warns of a rejection that somebody has handled after all, unless somebody listens. Of a trial's it would come under the cell,
  // after its end, and a reader can do nothing about it.
  process.on("rejectionHandled", (promise) => {
    if (tried.has(promise)) return;
    process.emitWarning("Promise rejection was handled asynchronously", "PromiseRejectionHandledWarning");
  });
}
