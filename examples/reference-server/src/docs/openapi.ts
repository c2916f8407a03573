import { OpenApiGeneratorV31, OpenAPIRegistry, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { apiKeySchema, createdApiKeySchema, newApiKeySchema } from '../api-keys/schemas.js';
import { callbackSchema, loginSchema, refreshSchema, tokensSchema } from '../auth/schemas.js';
import { pageSchema } from '../pagination.js';
import { newProjectSchema, projectChangeSchema, projectPageSchema, projectSchema } from '../projects/schemas.js';
import { userSchema } from '../users/schemas.js';
import { clientPaths } from './client-paths.js';
import { answers, idParams, json, page, secured } from './route-parts.js';
import { eventPaths, taskPaths, uploadPaths } from './domain-paths.js';
import { jobPaths, languagePaths } from './work-paths.js';

export type OpenApiDocument = ReturnType<OpenApiGeneratorV31['generateDocument']>;

/** The API as OpenAPI 3.1, made from the schemas that the routes validate with. */
export function openApiDocument(info: {
  title: string;
  version: string;
  apiPath: string;
  /** Whether the routes that call the language model are there. */
  hasLanguage: boolean;
  /** Whether signing in with Google is. */
  hasGoogle: boolean;
}): OpenApiDocument {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  const language = info.hasLanguage ? languagePaths() : [];
  const google = info.hasGoogle ? googlePaths() : [];
  const domains = [...taskPaths(), ...eventPaths(), ...uploadPaths(), ...clientPaths()];
  for (const paths of [authPaths(), google, userPaths(), projectPaths(), apiKeyPaths(), jobPaths(), domains, language])
    for (const route of paths) registry.registerPath(route);
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: { title: info.title, version: info.version },
    servers: [{ url: info.apiPath === '' ? '/' : info.apiPath }],
  });
}

function authPaths(): RouteConfig[] {
  return [
    {
      method: 'post',
      path: '/auth/login',
      request: { body: json(loginSchema) },
      responses: answers(200, tokensSchema, 400, 401, 429),
    },
    {
      method: 'post',
      path: '/auth/refresh',
      request: { body: json(refreshSchema) },
      responses: answers(200, tokensSchema, 400, 401, 429),
    },
    {
      method: 'post',
      path: '/auth/logout',
      ...secured,
      request: { body: json(refreshSchema) },
      responses: answers(204, undefined, 400, 401),
    },
  ];
}

function googlePaths(): RouteConfig[] {
  return [
    {
      method: 'get',
      path: '/auth/google',
      responses: { 302: { description: 'To Google, and from there to the callback' } },
    },
    {
      method: 'get',
      path: '/auth/google/callback',
      request: { query: callbackSchema },
      responses: answers(200, tokensSchema, 400, 401, 429, 503),
    },
  ];
}

function userPaths(): RouteConfig[] {
  return [
    {
      method: 'get',
      path: '/users',
      ...secured,
      request: { query: pageSchema },
      responses: answers(200, page(userSchema), 400, 401),
    },
    {
      method: 'get',
      path: '/users/{id}',
      ...secured,
      request: { params: idParams },
      responses: answers(200, userSchema, 400, 401, 404),
    },
  ];
}

function projectPaths(): RouteConfig[] {
  const one = { path: '/projects/{id}', ...secured };
  return [
    {
      method: 'get',
      path: '/projects',
      ...secured,
      request: { query: projectPageSchema },
      responses: answers(200, page(projectSchema), 400, 401),
    },
    {
      method: 'post',
      path: '/projects',
      ...secured,
      request: { body: json(newProjectSchema) },
      responses: answers(201, projectSchema, 400, 401),
    },
    { method: 'get', ...one, request: { params: idParams }, responses: answers(200, projectSchema, 400, 401, 404) },
    {
      method: 'patch',
      ...one,
      request: { params: idParams, body: json(projectChangeSchema) },
      responses: answers(200, projectSchema, 400, 401, 404),
    },
    { method: 'delete', ...one, request: { params: idParams }, responses: answers(204, undefined, 400, 401, 404) },
  ];
}

function apiKeyPaths(): RouteConfig[] {
  return [
    {
      method: 'get',
      path: '/api-keys',
      ...secured,
      request: { query: pageSchema },
      responses: answers(200, page(apiKeySchema), 400, 401),
    },
    {
      method: 'post',
      path: '/api-keys',
      ...secured,
      request: { body: json(newApiKeySchema) },
      responses: answers(201, createdApiKeySchema, 400, 401, 404),
    },
    {
      method: 'delete',
      path: '/api-keys/{id}',
      ...secured,
      request: { params: idParams },
      responses: answers(204, undefined, 400, 401, 404),
    },
  ];
}
