import type { Config } from 'express-runbook';
import type { EmbeddedPostgres } from 'express-runbook/testing';

export interface WelcomeFacts {
  readonly service: string;
  readonly config: Config;
  readonly embedded: EmbeddedPostgres | undefined;
  readonly startedAt: number;
}

/** What a person who has just started the server wants to know: where it is, how to get in, what to try. */
export function welcome({ service, config, embedded, startedAt }: WelcomeFacts): string {
  const url = `http://localhost:${String(config.port)}`;
  const api = config.apiPrefix === '' ? url : `${url}/${config.apiPrefix}`;
  const database =
    embedded === undefined ? `${config.database.host}:${String(config.database.port)}` : embeddedLine(embedded);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  return `
  ${service} is serving after ${seconds} s

  API        ${api}        login test@example.com / test123
  Health     ${url}/health
  Metrics    ${url}/metrics
  API docs   ${url}/api-docs
  Database   ${database}

  Try
    curl ${url}/health
    curl -X POST ${api}/auth/login -H 'Content-Type: application/json' -d '{"email":"test@example.com","password":"test123"}'
    curl -H 'X-Correlation-ID: my-trace-123' ${url}/dev/error?kind=plain

  Ctrl-C stops the server and its database.

`;
}

function embeddedLine({ port, dataDir, isShared }: EmbeddedPostgres): string {
  return `embedded PostgreSQL on 127.0.0.1:${String(port)}${isShared ? ', shared with the instance that started it' : ''}, data in ${dataDir}`;
}
