import { httpCheck, type Config, type HealthCheck } from 'express-runbook';

/** The services that this one calls, as far as the configuration names them. Each is asked what costs nothing. */
export function dependencyChecks({
  pineconeIndexUrl,
  pineconeApiKey = '',
  llmApiUrl,
  llmApiKey = '',
}: Config): HealthCheck[] {
  const checks: HealthCheck[] = [];
  if (pineconeIndexUrl !== undefined) {
    const url = new URL('/describe_index_stats', pineconeIndexUrl).href;
    checks.push(httpCheck({ name: 'pinecone', url, headers: { 'Api-Key': pineconeApiKey } }));
  }
  if (llmApiUrl !== undefined) {
    // The list of models is free and refuses a key that is not valid; a completion would cost money at every probe.
    const url = new URL('/v1/models', llmApiUrl).href;
    checks.push(httpCheck({ name: 'llm_service', url, headers: { Authorization: `Bearer ${llmApiKey}` } }));
  }
  return checks;
}
