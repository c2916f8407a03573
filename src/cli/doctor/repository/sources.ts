import type { Repository } from './repository.js';

export interface Source {
  readonly file: string;
  readonly text: string;
}

const MAX_SOURCES = 2_000;

/** What the service is written in; neither tests nor declarations. */
export async function sourcesIn(repository: Repository): Promise<Source[]> {
  const files = await repository.paths(/^(?!.*\.(?:test|spec|d)\.)(?!(?:migrations|seeds|scripts)\/).*\.[cm]?[jt]s$/);
  const texts = files.slice(0, MAX_SOURCES).map(async (file) => ({ file, text: (await repository.text(file)) ?? '' }));
  return Promise.all(texts);
}
