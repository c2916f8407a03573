import { expect, it } from 'vitest';
import { createMetrics } from 'express-runbook';
import { valueOf } from './exposition-value.js';

it('shows process_heap_bytes where there is no /proc too (MET-06)', async () => {
  const platform = process.platform;
  // prom-client looks at the platform when the process metrics are started: the first time in this file's process.
  Object.defineProperty(process, 'platform', { value: 'darwin' });
  try {
    const text = await createMetrics().render();
    expect(valueOf(text, 'process_heap_bytes')).toBeGreaterThan(1_000_000);
    expect(text).not.toContain('process_virtual_memory_bytes');
  } finally {
    Object.defineProperty(process, 'platform', { value: platform });
  }
});
