import express from 'express';
import { conformance, testOps, type ConformanceOptions, type TestOpsOptions } from 'express-runbook/testing';
import type { Build } from './conformance-apps.js';

/** What is said of an app that is wired by `build`. */
export async function failuresOf(
  build: Build,
  about: ConformanceOptions = {},
  options: TestOpsOptions = {},
): Promise<readonly string[]> {
  const kit = testOps({ env: { RATE_LIMIT_MAX: '60' }, ...options });
  const app = express();
  build(app, kit.ops);
  const { failures } = await conformance({ app, path: '/hello/ann', failPath: '/fail', timeoutMs: 2000, ...about });
  await kit.close();
  return failures;
}
