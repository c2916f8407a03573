import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { eventDetailSchema, eventPageSchema, eventSchema, newEventSchema } from '../events/schemas.js';
import { uploadNameSchema, uploadSchema } from '../uploads/schemas.js';
import { EXTENSIONS } from '../uploads/upload-names.js';
import { newTaskSchema, taskPageSchema, taskSchema } from '../user-tasks/schemas.js';
import { templateSchema, workflowSchema } from '../workflows/schemas.js';
import { z } from '../zod.js';
import { answers, idParams, json, page, secured } from './route-parts.js';

export function taskPaths(): RouteConfig[] {
  return [
    {
      method: 'get',
      path: '/tasks',
      ...secured,
      request: { query: taskPageSchema },
      responses: answers(200, page(taskSchema), 400, 401),
    },
    {
      method: 'post',
      path: '/tasks',
      ...secured,
      request: { body: json(newTaskSchema) },
      responses: answers(201, taskSchema, 400, 401),
    },
    {
      method: 'get',
      path: '/tasks/{id}',
      ...secured,
      request: { params: idParams },
      responses: answers(200, taskSchema, 400, 401, 404),
    },
    {
      method: 'post',
      path: '/tasks/{id}/complete',
      ...secured,
      request: { params: idParams },
      responses: answers(200, taskSchema, 400, 401, 404),
    },
  ];
}

export function eventPaths(): RouteConfig[] {
  return [
    {
      method: 'get',
      path: '/events',
      ...secured,
      request: { query: eventPageSchema },
      responses: answers(200, page(eventSchema), 400, 401),
    },
    {
      method: 'post',
      path: '/events',
      ...secured,
      request: { body: json(newEventSchema) },
      responses: answers(201, eventSchema, 400, 401),
    },
    {
      method: 'get',
      path: '/events/{id}',
      ...secured,
      request: { params: idParams },
      responses: answers(200, eventDetailSchema, 400, 401, 404),
    },
    { method: 'get', path: '/templates', ...secured, responses: answers(200, z.array(templateSchema), 401) },
    { method: 'get', path: '/workflows', ...secured, responses: answers(200, z.array(workflowSchema), 401) },
  ];
}

export function uploadPaths(): RouteConfig[] {
  const one = { path: '/uploads/{name}', ...secured, request: { params: uploadNameSchema } };
  const file = { schema: { type: 'string' as const, format: 'binary' } };
  const files = Object.fromEntries(Object.keys(EXTENSIONS).map((type) => [type, file]));
  return [
    {
      method: 'get',
      path: '/uploads',
      ...secured,
      responses: answers(200, z.object({ data: z.array(uploadSchema) }), 401),
    },
    {
      method: 'post',
      path: '/uploads',
      ...secured,
      request: { body: { content: files } },
      responses: answers(201, uploadSchema, 400, 401, 409, 413, 415),
    },
    {
      method: 'get',
      ...one,
      responses: { ...answers(200, undefined, 400, 401, 404), 200: { description: 'The file', content: files } },
    },
    { method: 'delete', ...one, responses: answers(204, undefined, 400, 401, 404) },
  ];
}
