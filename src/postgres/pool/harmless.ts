/**
 * The same, but what it throws becomes a process warning. For what observes: thrown from an event it would end the
 * process, thrown from a callback it would cost a query its answer.
 */
export function harmless<Args extends unknown[]>(observe: (...args: Args) => void): (...args: Args) => void {
  return (...args) => {
    try {
      observe(...args);
    } catch (error) {
      process.emitWarning(error instanceof Error ? error : String(error));
    }
  };
}
