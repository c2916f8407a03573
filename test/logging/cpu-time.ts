/** Milliseconds of processor time that `work` takes in this process: what a busy machine does beside it does not count. */
export function cpuMs(work: () => unknown): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
