import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { jobSchema, newJobSchema } from '../jobs/schemas.js';
import {
  matchesSchema,
  orderSchema,
  queuedJobSchema,
  resultSchema,
  searchOrderSchema,
  searchSchema,
  textSchema,
} from '../language/schemas.js';
import { codebookParams } from '../codebooks/schemas.js';
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
  const ordering = (name: string, order: z.ZodType): RouteConfig => ({
    method: 'post',
    path: `/clients/{clientId}/codebooks/{codebookId}/${name}`,
    ...secured,
    request: { params: codebookParams, body: json(order) },
    responses: answers(202, queuedJobSchema, 400, 401, 404),
  });
  return [
    asking('/analysis', textSchema, resultSchema),
    asking('/search', searchSchema, matchesSchema),
    ...['refactor', 'analysis', 'recommendations'].map((name) => ordering(name, orderSchema)),
    ordering('search', searchOrderSchema),
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
