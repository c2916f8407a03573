import type { ConfigProfile } from 'express-runbook';
import type { Settings } from '../settings.js';
import { startLanguageModel } from './language-model.js';
import { portOf, type StandIn } from './stand-in.js';
import { startVectorIndex } from './vector-index.js';

export interface StandIns {
  /** Where they listen, by what they stand for. */
  readonly urls: Readonly<Record<string, string>>;
  /** What the service must be told to find them. */
  readonly overrides: ConfigProfile;
  close(): Promise<void>;
}

/** One for every service whose address nobody but the profile gave: what the operator names is real. */
export async function startStandIns({ config, profile }: Settings): Promise<StandIns> {
  const { LLM_API_URL, PINECONE_INDEX_URL } = profile.settings;
  const started: StandIn[] = [];
  const urls: Record<string, string> = {};
  const overrides: ConfigProfile = {};
  if (config.llmApiUrl !== undefined && config.llmApiUrl === LLM_API_URL) {
    const { url } = await begin(startLanguageModel, config.llmApiUrl);
    urls['language model'] = url;
    Object.assign(overrides, { LLM_API_URL: url, LLM_API_KEY: config.llmApiKey ?? 'stand-in' });
  }
  if (config.pineconeIndexUrl !== undefined && config.pineconeIndexUrl === PINECONE_INDEX_URL) {
    const { url } = await begin(startVectorIndex, config.pineconeIndexUrl);
    urls['vector index'] = url;
    Object.assign(overrides, { PINECONE_INDEX_URL: url, PINECONE_API_KEY: config.pineconeApiKey ?? 'stand-in' });
  }

  async function begin(start: (port: number) => Promise<StandIn>, url: string): Promise<StandIn> {
    const standIn = await start(portOf(url)).catch((error: unknown) => {
      // A second instance brings its own.
      if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return start(0);
      throw error;
    });
    started.push(standIn);
    return standIn;
  }

  return {
    urls,
    overrides,
    async close() {
      await Promise.all(started.map((one) => one.close()));
    },
  };
}
