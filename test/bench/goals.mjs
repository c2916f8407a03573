/** Ratios inside one run. `atMost` turns a goal round; `nodes` are the major versions that it speaks of. */
export function goals(figures, imports) {
  const throughput = (id, base) => figures[id].perSecond / figures[base].perSecond;
  const cpu = (id, base) => figures[id].cpuMicros / figures[base].cpuMicros;
  return [
    [
      'P1',
      'full stack / bare Express, requests',
      throughput('fullStack', 'expressBare'),
      1.5,
      { reachFor: 2, nodes: [20, 22] },
    ],
    ['P1', 'full stack / bare Express, CPU', cpu('fullStack', 'expressBare'), 0.7, { atMost: true, nodes: [20, 22] }],
    ['P2', 'full stack / hand-assembled', throughput('fullStack', 'handAssembled'), 5, { reachFor: 8, nodes: [20] }],
    [
      'P3',
      'full stack / Fastify, equal plugins',
      throughput('fullStack', 'fastifyFull'),
      1.3,
      { reachFor: 2, nodes: [20] },
    ],
    [
      'P3',
      'full stack / Hono, equal middleware',
      throughput('fullStack', 'honoFull'),
      1,
      { reachFor: 1.4, nodes: [20] },
    ],
    ['P4', 'full stack / bare Express', throughput('fullStack', 'expressBare'), 0.55, { reachFor: 0.7, nodes: [24] }],
    ['P4', 'full stack / hand-assembled', throughput('fullStack', 'handAssembled'), 2, { reachFor: 4, nodes: [24] }],
    [
      'P5',
      'plain http.createServer / bare Express',
      throughput('fullStackPlain', 'expressBare'),
      0.45,
      { reachFor: 0.64, nodes: [20] },
    ],
    [
      'P9',
      '50 cached checks / none on /health, CPU',
      cpu('healthFifty', 'healthEmpty'),
      1.1,
      { reachFor: 1.03, atMost: true },
    ],
    [
      'P9',
      '50 cached checks / none on /readyz, CPU',
      cpu('readinessFifty', 'readinessEmpty'),
      1.1,
      { reachFor: 1.03, atMost: true },
    ],
    ['P6', 'cached /health / JSON route', throughput('health', 'healthRoute'), 0.95, { reachFor: 1.2 }],
    [
      'P12',
      'import of the entry / its libraries, time',
      imports.entry.ms / imports.wrapped.ms,
      1.15,
      { reachFor: 1.05, atMost: true },
    ],
    [
      'P12',
      'import of the entry / its libraries, heap',
      imports.entry.heapMb / imports.wrapped.heapMb,
      1.15,
      { reachFor: 1.05, atMost: true },
    ],
  ].map(([id, what, ratio, goal, rest]) => ({ id, what, ratio, goal, verdict: verdict(ratio, goal, rest), ...rest }));
}

function verdict(ratio, goal, { reachFor, atMost = false, nodes }) {
  const isMet = (wanted) => (atMost ? ratio <= wanted : ratio >= wanted);
  if (nodes !== undefined && !nodes.includes(Number(process.versions.node.split('.')[0]))) {
    return `not a goal on this Node, but on ${nodes.join(' and ')}`;
  }
  if (!isMet(goal)) return `missed by ${Math.abs((1 - ratio / goal) * 100).toFixed(0)} %`;
  return reachFor !== undefined && isMet(reachFor) ? 'reached, and what we reach for' : 'reached';
}
