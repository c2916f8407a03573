/** Answers, answers after a time, answers with 500, or takes requests and never answers. */
export type Behaviour = { readonly mode: 'ok' | 'fail' | 'hang' } | { readonly mode: 'slow'; readonly ms: number };

/** What `?mode=slow&ms=700` asks for; nothing when it is no behaviour. */
export function behaviourIn(query: URLSearchParams): Behaviour | undefined {
  const mode = query.get('mode');
  if (mode === 'ok' || mode === 'fail' || mode === 'hang') return { mode };
  const ms = Number(query.get('ms') ?? 1000);
  return mode === 'slow' && ms >= 0 && ms <= 60_000 ? { mode, ms } : undefined;
}
