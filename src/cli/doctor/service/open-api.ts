import type { Answer, Service } from './service.js';

/** A route that reads, by the OpenAPI document of the service: asking it changes nothing. */
export interface ReadRoute {
  readonly path: string;
  /** Whether the document says that a credential is needed. */
  readonly isGuarded: boolean;
  /** Whether it says that none is: `security: []`. */
  readonly isOpen: boolean;
}

interface DocumentSaid {
  servers?: { url?: string }[];
  security?: unknown[];
  paths?: Record<string, { get?: { security?: unknown[] } }>;
}

/** The routes, or in words why they are not known. The token of the house goes over HTTPS or stays on this machine. */
export async function readRoutesOf(service: Service, path: string, token?: string): Promise<ReadRoute[] | string> {
  const mayTell = token !== undefined && (service.isHttps || service.isLocal);
  const answer = await service.ask(path, mayTell ? { headers: { Authorization: `Bearer ${token}` } } : {});
  if (answer.status === 401 || answer.status === 403) return `${path} is guarded, and OPS_TOKEN does not open it`;
  const document = documentIn(answer);
  if (document === undefined) return `there is no OpenAPI document at ${path}: --openapi says where`;
  const prefix = prefixOf(document);
  return Object.entries(document.paths ?? {}).flatMap(([template, { get }]) => {
    if (get === undefined) return [];
    const security = get.security ?? document.security;
    const isOpen = security?.length === 0;
    return [
      { path: `${prefix}${template.replace(/\{[^}]*\}/g, '0')}`, isOpen, isGuarded: !isOpen && security !== undefined },
    ];
  });
}

function documentIn({ status, body }: Answer): DocumentSaid | undefined {
  if (status !== 200) return undefined;
  try {
    const document = JSON.parse(body) as (DocumentSaid & { openapi?: unknown }) | null;
    // What it holds is looked at piece by piece.
    return typeof document?.openapi === 'string' ? document : undefined;
  } catch {
    return undefined;
  }
}

/** The path of the first server; its host is the one that was asked, wherever the document was written for. */
function prefixOf({ servers }: DocumentSaid): string {
  const url = servers?.[0]?.url ?? '/';
  const path = URL.canParse(url) ? new URL(url).pathname : url;
  return path.replace(/\/+$/, '');
}
