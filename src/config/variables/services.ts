import { host, url } from '../kinds/addresses.js';
import { port, wholeNumber } from '../kinds/numbers.js';
import { text } from '../kinds/words.js';
import { part, whole } from './variable.js';

/** Redis by URL or by parts: both make `redis.url`. */
export const REDIS_VARIABLES = {
  REDIS_URL: part('redis.url', {
    group: 'Redis',
    kind: url(['redis', 'rediss'], 'redis://localhost:6379'),
    secret: 'password',
    description: 'Redis as one URL; without it and REDIS_HOST there is no Redis.',
  }),
  REDIS_HOST: part('redis.url', {
    group: 'Redis',
    kind: host('no socket path'),
    description: 'Host of Redis, instead of REDIS_URL.',
  }),
  REDIS_PORT: part('redis.url', {
    group: 'Redis',
    kind: port(1),
    default: '6379',
    description: 'Port of Redis, next to REDIS_HOST.',
  }),
  REDIS_PASSWORD: part('redis.url', {
    group: 'Redis',
    kind: text('secret'),
    secret: 'all',
    description: 'Password of Redis, next to REDIS_HOST.',
  }),
  REDIS_DB: part('redis.url', {
    group: 'Redis',
    kind: wholeNumber(0, 65_535),
    default: '0',
    description: 'Number of the Redis database, next to REDIS_HOST.',
  }),
};

/** Services that this one calls. */
export const SERVICE_VARIABLES = {
  JOBS_CONCURRENCY: whole('jobsConcurrency', {
    group: 'Services',
    kind: wholeNumber(0, 1000),
    default: '2',
    description: 'Jobs that this process works on at the same time; 0 leaves them to other processes.',
  }),
  SENTRY_DSN: whole('sentryDsn', {
    group: 'Services',
    kind: url(['https', 'http'], 'https://key@sentry.example/1'),
    secret: 'all',
    description: 'Sentry project, for a service that reports its errors there.',
  }),
  SUPABASE_URL: whole('supabaseUrl', {
    group: 'Services',
    kind: url(['https', 'http'], 'https://project.supabase.co'),
    secret: 'password',
    description: 'Supabase project, for a service that uses one.',
  }),
  PINECONE_INDEX_URL: whole('pineconeIndexUrl', {
    group: 'Services',
    kind: url(['https', 'http'], 'https://index-project.svc.pinecone.io'),
    secret: 'password',
    description: 'Host of the Pinecone index, for a service that uses one.',
  }),
  PINECONE_API_KEY: whole('pineconeApiKey', {
    group: 'Services',
    kind: text('secret'),
    secret: 'all',
    description: 'Key of Pinecone, for a service that uses it.',
  }),
  LLM_API_URL: whole('llmApiUrl', {
    group: 'Services',
    kind: url(['https', 'http'], 'https://llm.example'),
    secret: 'password',
    description: 'Host of the language model, for a service that uses one.',
  }),
  LLM_API_KEY: whole('llmApiKey', {
    group: 'Services',
    kind: text('secret'),
    secret: 'all',
    description: 'Key of the language model, for a service that uses one.',
  }),
  LLM_FALLBACK_API_URL: whole('llmFallbackApiUrl', {
    group: 'Services',
    kind: url(['https', 'http'], 'https://other-llm.example'),
    secret: 'password',
    description: 'Host of a second language model, asked when the first gives no answer.',
  }),
  LLM_FALLBACK_API_KEY: whole('llmFallbackApiKey', {
    group: 'Services',
    kind: text('secret'),
    secret: 'all',
    description: 'Key of the second language model.',
  }),
  LLM_MONTHLY_BUDGET_USD: whole('llmMonthlyBudgetUsd', {
    group: 'Services',
    kind: wholeNumber(0, 100_000_000),
    description:
      'US dollars that language models may cost in a month, all clients together; beyond it somebody is told.',
  }),
};
