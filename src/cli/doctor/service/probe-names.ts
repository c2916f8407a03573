/** The paths that are asked; each has other names, too, which answer the same. */
export const PROBES = Object.freeze({
  liveness: '/health/liveness',
  readiness: '/health/readiness',
  health: '/health',
});

/** What `?verbose` of a probe says of its checks. */
export interface NamedCheck {
  readonly name: string;
  readonly status: 'ok' | 'degraded' | 'failed';
}

/** Lines as `[+]database ok` and `[-]database failed: reason withheld`; what the state of the service says is none of them. */
export function checksIn(verbose: string): NamedCheck[] {
  return [...verbose.matchAll(/^\[([+-])\](.+?) (ok|degraded|failed: reason withheld)$/gm)].map(
    ([, , name = '', said]) => ({
      name,
      status: said === 'ok' ? 'ok' : said === 'degraded' ? 'degraded' : 'failed',
    }),
  );
}
