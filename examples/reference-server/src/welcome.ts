import type { Config } from 'express-runbook';
import type { EmbeddedPostgres } from 'express-runbook/testing';
import { PROFILE_NAMES } from './profiles/index.js';

export interface WelcomeFacts {
  readonly service: string;
  readonly config: Config;
  /** Where it really listens, which `PORT=0` leaves open. */
  readonly port: number;
  readonly embedded: EmbeddedPostgres | undefined;
  /** Where what stands for other services listens, by name. */
  readonly standIns: Readonly<Record<string, string>>;
}

/** What a person who has just started the server wants to know: where it is, how to get in, what to try. */
export function welcome({ service, config, port, embedded, standIns }: WelcomeFacts): string {
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
  Console    ${url}/ops
  Database   ${databaseLine(config, embedded)}
${standInLines(standIns)}  Profile    ${config.profile}; OPS_PROFILE=${otherProfiles(config)} npm start serves another

  Try
    curl ${url}/health
    curl -X POST ${api}/auth/login -H 'Content-Type: application/json' -d '{"email":"test@example.com","password":"test123"}'
    curl -H 'X-Correlation-ID: my-trace-123' ${config.devRoutes ? `'${url}/dev/error?kind=plain'` : `${api}/users`}

  Ctrl-C stops the server${embedded === undefined ? '' : ' and its database'}.

`;
}

function otherProfiles({ profile }: Config): string {
  return PROFILE_NAMES.filter((name) => name !== profile).join('|');
}

function standInLines(urls: WelcomeFacts['standIns']): string {
  const lines = Object.entries(urls).map(([name, url]) => `             ${name}: ${url}`);
  if (lines.length === 0) return '';
  return `  Stand-ins  for the services it calls; curl -X POST '<url>/stand-in?mode=hang' (ok, slow, fail, hang)\n${lines.join('\n')}\n`;
}

function databaseLine({ database }: Config, embedded: EmbeddedPostgres | undefined): string {
  if (embedded === undefined) return `${database.host}:${String(database.port)}/${database.name}`;
  const shared = embedded.isShared ? ', shared with the instance that started it' : '';
  // The embedded server listens on loopback only, and its password is no secret.
  return `embedded PostgreSQL${shared}: psql ${embedded.url}\n             data in ${embedded.dataDir}`;
}
