import type { Config } from 'express-runbook';
import type { EmbeddedPostgres } from 'express-runbook/testing';

export interface WelcomeFacts {
  readonly service: string;
  readonly config: Config;
  /** Where it really listens, which `PORT=0` leaves open. */
  readonly port: number;
  readonly embedded: EmbeddedPostgres | undefined;
}

/** What a person who has just started the server wants to know: where it is, how to get in, what to try. */
export function welcome({ service, config, port, embedded }: WelcomeFacts): string {
  const url = `http://localhost:${String(port)}`;
  const api = config.apiPrefix === '' ? url : `${url}/${config.apiPrefix}`;
  // performance.now() counts from the start of the process.
  const seconds = (performance.now() / 1000).toFixed(1);
  return `
  ${service} is serving after ${seconds} s

  API        ${api}        login test@example.com / test123
  Health     ${url}/health
  Metrics    ${url}/metrics
  API docs   ${url}/api-docs
  Database   ${databaseLine(config, embedded)}

  Try
    curl ${url}/health
    curl -X POST ${api}/auth/login -H 'Content-Type: application/json' -d '{"email":"test@example.com","password":"test123"}'
    curl -H 'X-Correlation-ID: my-trace-123' ${config.devRoutes ? `'${url}/dev/error?kind=plain'` : `${api}/users`}

  Ctrl-C stops the server${embedded === undefined ? '' : ' and its database'}.

`;
}

function databaseLine({ database }: Config, embedded: EmbeddedPostgres | undefined): string {
  if (embedded === undefined) return `${database.host}:${String(database.port)}/${database.name}`;
  const shared = embedded.isShared ? ', shared with the instance that started it' : '';
  // The embedded server listens on loopback only, and its password is no secret.
  return `embedded PostgreSQL${shared}: psql ${embedded.url}\n             data in ${embedded.dataDir}`;
}
