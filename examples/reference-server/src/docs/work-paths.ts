import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { jobSchema, newJobSchema } from '../jobs/schemas.js';
import { matchesSchema, resultSchema, searchSchema, textSchema } from '../language/schemas.js';
import type { z } from '../zod.js';
import { answers, idParams, json, secured } from './route-parts.js';

export function languagePaths(): RouteConfig[] {
  const asking = (path: string, asked: z.ZodType, result: z.ZodType): RouteConfig => ({
    method: 'post',
    path,
    ...secured,
    request: { body: json(asked) },
    responses: answers(200, result, 400, 401, 404, 429, 503),
  });
  return [
    asking('/analysis', textSchema, resultSchema),
    asking('/refactor', textSchema, resultSchema),
    asking('/search', searchSchema, matchesSchema),
  ];
}

export function jobPaths(): RouteConfig[] {
  return [
    {
      method: 'post',
      path: '/jobs',
      ...secured,
      request: { body: json(newJobSchema) },
      responses: answers(202, jobSchema, 400, 401, 404),
    },
    {
      method: 'get',
      path: '/jobs/{id}',
      ...secured,
      request: { params: idParams },
      responses: answers(200, jobSchema, 400, 401, 404),
    },
  ];
}
