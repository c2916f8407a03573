/** Says whether every look since `holdMs` ago has found a value above the bound: a peak is no fault, what lasts is. */
export function createHold(bound: number, holdMs: number): (value: number, time: number) => boolean {
  let since: number | undefined;
  return (value, time) => {
    since = value > bound ? (since ?? time) : undefined;
    return since !== undefined && time - since >= holdMs;
  };
}
