import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import request from 'supertest';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { requireTool } from '../support/real-tools.js';
import { launch, type ReferenceServer } from '../support/reference-server.js';
import { seededDatabase } from '../support/seeded-database.js';

const jq = requireTool('jq');

const REQUEST_ID = '550e8400-e29b-41d4-a716-446655440000';
const CORRELATION_ID = '7c9e6679-7425-40de-944b-e07fc1f90ae7';
const PRODUCTION = {
  JWT_SECRET: 'an-access-secret-of-this-test-only-0123456789',
  REFRESH_TOKEN_SECRET: 'a-refresh-secret-of-this-test-only-0123456789',
  DEV_ROUTES: 'true',
  OPS_NETWORKS: '127.0.0.0/8',
};

// A heap so small that its use is above the threshold from the start.
const FULL_MEMORY = { HEALTH_MEMORY_THRESHOLD: '1', NODE_OPTIONS: '--max-old-space-size=256' };

// A line comes after its answer, on a busy machine some time after.
const PATIENCE = { timeout: 20_000 };

interface Question {
  /** As the runbooks print it; `/var/log/booky` stands for the folder of the logs. */
  readonly command: string;
  /** How often each of these stands in what is printed, in fewest occurrences; an empty list: nothing is printed. */
  readonly prints: readonly (readonly [text: string, atLeast: number])[];
  /** What must not be printed. */
  readonly never?: readonly string[];
  readonly status?: number;
  /** What is said on standard error, if anything; the status is then that of the last line, and no matter. */
  readonly complains?: string;
}

const line = (text: string, atLeast = 1): [string, number] => [text, atLeast];

const WHOLE_FILE: readonly Question[] = [
  { command: `cat logs/app.log | jq 'select(.requestId == "${REQUEST_ID}")'`, prints: [line('"url": "/api/users"')] },
  { command: `cat logs/app.log | jq 'select(.correlationId == "${CORRELATION_ID}")'`, prints: [line(REQUEST_ID)] },
  {
    command: `cat logs/app.log | jq 'select(.level == "error")'`,
    prints: [line('"level": "error"', 2)],
    never: ['"level": "info"', '"level": "warn"'],
  },
  {
    command: `cat logs/app.log | jq 'select(.level == "error" or .level == "warn")'`,
    prints: [line('"level": "error"', 2), line('"level": "warn"', 4)],
    never: ['"level": "info"'],
  },
  {
    command: `cat logs/app.log | jq 'select(.statusCode >= 500)'`,
    prints: [line('"statusCode": 500', 2)],
    never: ['"statusCode": 4', '"statusCode": 2'],
  },
  {
    command: `cat logs/app.log | jq 'select(.statusCode >= 400 and .statusCode < 500)'`,
    prints: [line('"statusCode": 401', 4)],
    never: ['"statusCode": 5', '"statusCode": 2'],
  },
  { command: `cat logs/app.log | jq 'select(.duration > 1000)'`, prints: [line('"url": "/dev/slow?ms=1100"')] },
  {
    command: `cat logs/app.log | jq 'select(.timestamp > "'$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%S)'")'`,
    prints: [line('"msg": "Request completed"', 8)],
  },
  {
    command: `cat logs/app.log | jq 'select(.timestamp > "'$(date -u -d '1 hour' +%Y-%m-%dT%H:%M:%S)'")'`,
    prints: [],
  },
  {
    command: `cat logs/app.log | jq 'select(.level == "error" and .timestamp > "'$(date -u -d '24 hours ago' +%Y-%m-%dT%H:%M:%S)'")' | jq -s 'group_by(.msg) | map({message: .[0].msg, count: length})' | jq 'sort_by(.count) | reverse'`,
    prints: [line('"message": "Error occurred"'), line('"count": 2')],
  },
  {
    command: `cat logs/app.log | jq 'select(.duration != null)' | jq -s 'sort_by(.duration) | reverse | .[0:10]'`,
    prints: [line('"url": "/dev/slow?ms=1100"'), line('"duration": ', 9)],
  },
  {
    command: `cat logs/app.log | jq 'select(.url != null)' | jq -s 'group_by(.url) | map({endpoint: .[0].url, count: length})' | jq 'sort_by(.count) | reverse'`,
    prints: [line('"endpoint": "/api/auth/login"'), line('"endpoint": "/api/users"')],
    never: ['"endpoint": null'],
  },
  {
    command: `cat logs/app.log | jq 'select(.userId == "123" and .level == "error")'`,
    prints: [line('"msg": "Error occurred"')],
  },
  {
    command: `REQUEST_ID="${REQUEST_ID}"; cat logs/app.log | jq "select(.requestId == \\"$REQUEST_ID\\")"`,
    prints: [line('"msg": "Request completed"')],
  },
  {
    command: `REQUEST_ID="${REQUEST_ID}"; cat logs/app.log | jq "select(.requestId == \\"$REQUEST_ID\\")" | jq -s 'sort_by(.timestamp)'`,
    prints: [line('"msg": "Request completed"')],
  },
  {
    command: `cat logs/app.log | jq "select(.requestId == \\"<requestId-from-step-2>\\")"`,
    prints: [],
  },
  {
    command: `cat logs/app.log | jq 'select(.msg == "Slow database query detected")'`,
    prints: [line('"level": "warn"')],
  },
  {
    command: `cat logs/app.log | jq 'select(.msg == "Slow database query detected") | {query, duration, requestId}'`,
    // A query of the service's own, which is slow on a busy machine, has no request.
    prints: [line('"query": "SELECT pg_sleep'), line('"duration": '), line('"requestId": "')],
    never: ['"query": null', '"duration": null'],
  },
  {
    command: `cat logs/app.log | jq 'select(.msg | contains("Memory"))'`,
    prints: [line('Memory usage above threshold')],
  },
  // A CPU that is busy for half a minute is not made here: none of the lines stops the question.
  { command: `cat logs/app.log | jq 'select(.msg | contains("CPU"))'`, prints: [] },
  { command: `grep "401\\|403\\|429" logs/access.log | tail -100`, prints: [line('"statusCode":401', 4)] },
  {
    command: `grep -i "select\\|union\\|drop\\|insert" logs/access.log`,
    prints: [line('/api/users?q=1%20UNION%20SELECT')],
  },
  { command: `grep "suspicious" /var/log/booky/app.log`, prints: [line('"kinds":["sql"]')] },
  { command: `grep "login failed" logs/app.log | wc -l`, prints: [line('3\n')] },
  { command: `tail -100 /var/log/booky/app.log | grep ERROR`, prints: [line('"level":"error"', 2)] },
  { command: `tail -50 /var/log/booky/app.log | grep ERROR`, prints: [line('"level":"error"')] },
  { command: `cat logs/error.log | jq .msg`, prints: [line('"Error occurred"', 2)], never: ['Request completed'] },
  { command: `grep "${REQUEST_ID}" stdout.log`, prints: [line(REQUEST_ID)] },
];

/** What the runbooks print and what does not do what they say; each with the form that does. */
const DEFECTIVE: readonly (Question & { readonly corrected: Question; readonly because: string })[] = [
  {
    because: 'the pipe binds last, so that every line is an error (T-01)',
    command: `cat logs/app.log | jq 'select(.msg | contains("Slow") or .msg | contains("Performance"))'`,
    prints: [],
    status: 5,
    corrected: {
      command: `cat logs/app.log | jq 'select((.msg | contains("Slow")) or (.msg | contains("Performance")))'`,
      prints: [line('Slow HTTP request detected'), line('Slow database query detected')],
    },
  },
  {
    because: 'lines that are not of a request have no url, which jq reports; it prints the others (LOG-15)',
    command: `cat logs/app.log | jq 'select(.url | startswith("/api/users"))'`,
    prints: [line('"url": "/api/users"')],
    complains: 'startswith() requires string inputs',
    corrected: {
      command: `cat logs/app.log | jq 'select((.url // "") | startswith("/api/users"))'`,
      prints: [line('"url": "/api/users"')],
      never: ['"url": "/dev'],
    },
  },
  {
    because: 'it also finds durations, ids and query strings with these digits (T-41)',
    command: `grep "401\\|403\\|429" logs/access.log`,
    prints: [line('/dev/items/429')],
    corrected: {
      command: `jq 'select(.statusCode == 401 or .statusCode == 403 or .statusCode == 429)' logs/access.log`,
      prints: [line('"statusCode": 401', 4)],
      never: ['/dev/items/429'],
    },
  },
  {
    because: 'ids of users are what the service calls them; this one has numbers (LOG-16)',
    command: `grep "user-123" /var/log/booky/app.log`,
    prints: [],
    status: 1,
    corrected: { command: `grep '"userId":"123"' /var/log/booky/app.log`, prints: [line('Error occurred')] },
  },
];

describe.skipIf(!jq.isInstalled).each(['production', 'development'])(
  'the log questions of the runbooks, in %s',
  (nodeEnv) => {
    let folder: string;

    beforeAll(async () => {
      const database = await seededDatabase();
      const server = await launch({
        env: { ...PRODUCTION, NODE_ENV: nodeEnv, DATABASE_URL: database.url, ...FULL_MEMORY },
      });
      await makeLines(server, database.url);
      folder = mkdtempSync(join(tmpdir(), 'log-questions-'));
      cpSync(server.logDir, join(folder, 'logs'), { recursive: true });
      writeFileSync(join(folder, 'stdout.log'), server.output());
      return async () => {
        await server.stop();
        await database.drop();
      };
    });

    it.each(WHOLE_FILE)('$command', (question) => ask(folder, question));

    it.each(DEFECTIVE)('$command is answered in its corrected form: $because', ({ corrected, ...printed }) => {
      ask(folder, printed);
      ask(folder, corrected);
    });
  },
);

function ask(folder: string, { command, prints, never = [], status = 0, complains }: Question): void {
  const here = command.replaceAll('/var/log/booky/', 'logs/');
  const answer = spawnSync('sh', ['-c', here], { cwd: folder, encoding: 'utf8' });
  if (complains !== undefined) expect(answer.stderr).toContain(complains);
  else expect({ status: answer.status, stderr: status === 5 ? '' : answer.stderr }).toEqual({ status, stderr: '' });
  if (prints.length === 0) expect(answer.stdout).toBe('');
  for (const [text, atLeast] of prints) {
    expect(answer.stdout.split(text).length - 1, `${text} in ${answer.stdout}`).toBeGreaterThanOrEqual(atLeast);
  }
  for (const text of never) expect(answer.stdout).not.toContain(text);
}

/** One of everything that the runbooks ask for. */
async function makeLines(server: ReferenceServer, databaseUrl: string): Promise<void> {
  const api = request(server.url);
  await api.get('/api/users').set('X-Request-ID', REQUEST_ID).set('X-Correlation-ID', CORRELATION_ID).expect(401);
  await api.get('/api/users?q=1%20UNION%20SELECT').expect(401);
  for (let attempt = 0; attempt < 3; attempt++) {
    await api
      .post('/api/auth/login')
      .send({ email: 'ada@example.com', password: `wrong-${attempt}` })
      .expect(401);
  }
  const login = await api.post('/api/auth/login').send({ email: 'ada@example.com', password: 'test123' }).expect(200);
  const token = (login.body as { token: string }).token;
  await api.get('/dev/items/429').expect(200);
  await api.get('/dev/query?ms=150').expect(200);
  await api.get('/dev/error?kind=plain').expect(500);
  await renameProjects(databaseUrl);
  await api.get('/api/projects').set('Authorization', `Bearer ${token}`).expect(500);
  await api.get('/health');
  await api.get('/dev/slow?ms=1100').expect(200);
  // A line comes after its answer; this one is the last.
  await vi.waitFor(() => expect(server.output()).toContain('Slow HTTP request detected'), PATIENCE);
}

/** A mistake of the kind that only an authenticated request meets. */
async function renameProjects(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query('ALTER TABLE projects RENAME TO projects_lost');
  await client.end();
}
