import { fromExample } from './example-sources.js';

/** One of the reference server's stand-ins for services of others. */
export interface StandIn {
  readonly url: string;
  readonly calls: Readonly<Record<string, number>>;
  readonly received: readonly {
    readonly route: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  }[];
  behave(behaviour: { mode: 'ok' | 'fail' | 'hang' } | { mode: 'slow'; ms: number }): void;
  close(): Promise<void>;
}

type Start = () => Promise<StandIn>;

export const COMPLETIONS = 'POST /v1/chat/completions';

export async function startModel(): Promise<StandIn> {
  return ((await fromExample('stand-ins/language-model.ts')).startLanguageModel as Start)();
}

export async function startIndex(): Promise<StandIn> {
  return ((await fromExample('stand-ins/vector-index.ts')).startVectorIndex as Start)();
}

/** What a server must be told to find them. */
export function standInVariables(model: StandIn, index: StandIn): Record<string, string> {
  return {
    LLM_API_URL: model.url,
    LLM_API_KEY: 'sk-stand-in-key',
    PINECONE_INDEX_URL: index.url,
    PINECONE_API_KEY: 'pc-stand-in-key',
  };
}
