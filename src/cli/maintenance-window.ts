export interface MaintenanceWindow {
  readonly from: Date;
  readonly to: Date;
}

const SATURDAY = 6;
const FROM_HOUR = 2;
const TO_HOUR = 6;

/** The monthly window that is open at this time, or the next one: the first Saturday of the month, 02:00 to 06:00 UTC. */
export function maintenanceWindow(at: Date): MaintenanceWindow {
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  const window = windowOf(year, month);
  return window.to > at ? window : windowOf(year, month + 1);
}

/** Months beyond December are those of the next year, as Date.UTC has it. */
function windowOf(year: number, month: number): MaintenanceWindow {
  const firstDay = new Date(Date.UTC(year, month, 1)).getUTCDay();
  const day = 1 + ((SATURDAY - firstDay + 7) % 7);
  return { from: new Date(Date.UTC(year, month, day, FROM_HOUR)), to: new Date(Date.UTC(year, month, day, TO_HOUR)) };
}
