/** Where things are while the pages are run. */
export interface Places {
  readonly port: number;
  readonly postgresPort: number;
  readonly redisPort: number;
  /** Stands for `/` of the machine that a guide talks of. */
  readonly machine: string;
}

/**
 * The only place where a command of a page is changed before it is run: ports and hosts of the guides are those of the
 * servers of the test, folders at the root are below a scratch folder, and `docker-compose exec <service> X` is X.
 */
export function here(command: string, { port, postgresPort, redisPort, machine }: Places): string {
  return command
    .replaceAll(/docker-compose exec (?:-T )?\w+ /g, '')
    .replaceAll(/https:\/\/(?:api\.booky\.app|your-api\.com)/g, `http://127.0.0.1:${port}`)
    .replaceAll(/localhost:(?:3000|3101|8000|3001)\b/g, `127.0.0.1:${port}`)
    .replaceAll(/(?<=lsof (?:-\S+ )*-i |grep ):(?:3000|3101|8000|3001)\b/g, `:${port}`)
    .replaceAll(/(?<=localhost:|-p )5432\b/g, String(postgresPort))
    .replaceAll('-connect api.booky.app:443', `-unix ${machine}/opt/booky/tls.sock`)
    .replaceAll('db.supabase.co', '127.0.0.1')
    .replaceAll('redis-cli', `redis-cli -p ${redisPort}`)
    .replaceAll(/(?<![\w.])\/(?=(?:var\/log|var\/backups|opt|backups)\b)/g, `${machine}/`);
}
