import type { Registry } from 'prom-client';
import { JOBS_POOL, OPS_ENDPOINTS } from '../what-counts.js';

/** One line of a metric, as prom-client gives it; `metricName` tells the parts of a histogram apart. */
export interface Series {
  readonly value: number;
  readonly labels: Readonly<Partial<Record<string, string | number>>>;
  readonly metricName?: string;
}

const isOps = new RegExp(`^(?:${OPS_ENDPOINTS})$`);

/** The series of a metric now that are about the work of the service; none when it does not exist. */
export async function seriesOf(registry: Registry, name: string): Promise<readonly Series[]> {
  const found = await registry.getSingleMetric(name)?.get();
  const values: readonly Series[] = found?.values ?? [];
  return values.filter(({ labels: { endpoint, pool } }) => pool !== JOBS_POOL && !isOps.test(String(endpoint)));
}
