/** Where a Postgres server is and who connects. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** As URL that psql and pg read alike. pg decodes the name by `decodeURI`, the other parts by `decodeURIComponent`. */
export function urlOf({ host, port, name, user, password }: Connection): string {
  const credentials = encodeURIComponent(user) + (password === '' ? '' : `:${encodeURIComponent(password)}`);
  const address = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
  return `postgresql://${credentials}@${address}:${port}/${encodeURI(name)}`;
}

/** What a URL says, with libpq's rules for what it leaves out (https://www.postgresql.org/docs/current/libpq-connect.html). */
export function connectionOf(text: string): Connection {
  const url = new URL(text);
  const said = (parameter: string): string | undefined => url.searchParams.get(parameter) ?? undefined;
  const user = said('user') ?? decodeURIComponent(url.username);
  return {
    host: said('host') ?? orElse(decodeURIComponent(url.hostname).replace(/^\[|\]$/g, ''), 'localhost'),
    port: Number(said('port') ?? orElse(url.port, '5432')),
    name: said('dbname') ?? orElse(decodeURIComponent(url.pathname.slice(1)), user),
    user,
    password: said('password') ?? decodeURIComponent(url.password),
  };
}

function orElse(text: string, fallback: string): string {
  return text === '' ? fallback : text;
}
