import type { RouteConfig } from '@asteasolutions/zod-to-openapi';
import { clientParams, clientSchema, newClientSchema } from '../clients/schemas.js';
import {
  activationSchema,
  codebookParams,
  codebookSchema,
  itemPageSchema,
  itemSchema,
  newCodebookSchema,
  newItemsSchema,
  newVersionSchema,
  uploadedSchema,
  versionSchema,
} from '../codebooks/schemas.js';
import { divisionSchema } from '../divisions/routes.js';
import { pageSchema } from '../pagination.js';
import { promptChangeSchema, promptParams, promptSchema } from '../prompts/schemas.js';
import { decisionSchema, recommendationPageSchema, recommendationSchema } from '../recommendations/schemas.js';
import { newRuleSchema, ruleSchema } from '../rules/schemas.js';
import { z } from '../zod.js';
import { answers, idParams, json, page, secured } from './route-parts.js';

interface Asked {
  readonly params?: z.ZodObject;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
}

export function clientPaths(): RouteConfig[] {
  const list = (row: z.ZodType): z.ZodType => z.object({ data: z.array(row) });
  const client = { params: clientParams };
  const oneOf = { params: clientParams.extend(idParams.shape) };
  return [
    route('get', '/csi-divisions', {}, answers(200, list(divisionSchema), 401)),
    route('get', '/prompt-templates', {}, answers(200, list(promptSchema), 401)),
    route(
      'put',
      '/prompt-templates/{task}',
      { params: promptParams, body: promptChangeSchema },
      answers(200, promptSchema, 400, 401, 404),
    ),
    route('get', '/clients', { query: pageSchema }, answers(200, page(clientSchema), 400, 401)),
    route('post', '/clients', { body: newClientSchema }, answers(201, clientSchema, 400, 401)),
    route('get', '/clients/{clientId}', client, answers(200, clientSchema, 400, 401, 404)),
    route('get', '/clients/{clientId}/rules', client, answers(200, list(ruleSchema), 400, 401, 404)),
    route(
      'post',
      '/clients/{clientId}/rules',
      { ...client, body: newRuleSchema },
      answers(201, ruleSchema, 400, 401, 404, 409),
    ),
    route('delete', '/clients/{clientId}/rules/{id}', oneOf, answers(204, undefined, 400, 401, 404)),
    route(
      'get',
      '/clients/{clientId}/recommendations',
      { ...client, query: recommendationPageSchema },
      answers(200, page(recommendationSchema), 400, 401, 404),
    ),
    route(
      'patch',
      '/clients/{clientId}/recommendations/{id}',
      { ...oneOf, body: decisionSchema },
      answers(200, recommendationSchema, 400, 401, 404, 409),
    ),
    ...codebookPaths(),
  ];
}

function codebookPaths(): RouteConfig[] {
  const all = '/clients/{clientId}/codebooks';
  const one = `${all}/{codebookId}`;
  const of = { params: codebookParams };
  const errors = [400, 401, 404];
  return [
    route('get', all, { params: clientParams, query: pageSchema }, answers(200, page(codebookSchema), ...errors)),
    route('post', all, { params: clientParams, body: newCodebookSchema }, answers(201, codebookSchema, ...errors)),
    route('get', one, of, answers(200, codebookSchema, ...errors)),
    route('get', `${one}/versions`, { ...of, query: pageSchema }, answers(200, page(versionSchema), ...errors)),
    route('post', `${one}/versions`, { ...of, body: newVersionSchema }, answers(201, versionSchema, ...errors)),
    route('get', `${one}/active-version`, of, answers(200, versionSchema, ...errors)),
    route('put', `${one}/active-version`, { ...of, body: activationSchema }, answers(200, versionSchema, ...errors)),
    route('get', `${one}/items`, { ...of, query: itemPageSchema }, answers(200, page(itemSchema), ...errors)),
    route('post', `${one}/items`, { ...of, body: newItemsSchema }, answers(201, uploadedSchema, ...errors)),
  ];
}

function route(
  method: RouteConfig['method'],
  path: string,
  { body, ...asked }: Asked,
  responses: RouteConfig['responses'],
): RouteConfig {
  const request = { ...asked, ...(body === undefined ? {} : { body: json(body) }) };
  return { method, path, ...secured, request, responses };
}
