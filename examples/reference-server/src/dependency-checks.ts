import { httpCheck, type Config, type HealthCheck } from 'express-runbook';

/** The services that this one calls, as far as the configuration names them. Each is asked what costs nothing. */
export function dependencyChecks({
  pineconeIndexUrl,
  pineconeApiKey = '',
  llmApiUrl,
  llmApiKey = '',
  llmFallbackApiUrl,
  llmFallbackApiKey = '',
}: Config): HealthCheck[] {
  const checks: HealthCheck[] = [];
  if (pineconeIndexUrl !== undefined) {
    const url = new URL('/describe_index_stats', pineconeIndexUrl).href;
    checks.push(httpCheck({ name: 'pinecone', url, headers: { 'Api-Key': pineconeApiKey } }));
  }
  const models = [
    { name: 'llm_service', baseUrl: llmApiUrl, key: llmApiKey },
    { name: 'llm_fallback', baseUrl: llmFallbackApiUrl, key: llmFallbackApiKey },
  ];
  for (const { name, baseUrl, key } of models) {
    if (baseUrl === undefined) continue;
    // The list of models is free and refuses a key that is not valid; a completion would cost money at every probe.
    const url = new URL('/v1/models', baseUrl).href;
    checks.push(httpCheck({ name, url, headers: { Authorization: `Bearer ${key}` } }));
  }
  return checks;
}
