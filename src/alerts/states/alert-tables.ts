import { isObject, hasMethods } from '../../core/checks.js';
import { requireOption, resolveOptions } from '../../core/options.js';
import type { AlertEvent } from '../alert.js';
import type { Silence } from '../silences/silence.js';
import type { AlertStore, SharedAlerts, SharedState } from './alert-store.js';
import { jsonbText, plainText } from './postgres-text.js';

/** What is needed of a `pg.Pool`. */
export interface AlertPool {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

export interface AlertTablesOptions {
  /** Any `pg.Pool` on the database that has the tables `alerts`, `alert_states` and `alert_silences`. Required. */
  pool: AlertPool;
}

/**
 * Keeps alerts in Postgres: every message in `alerts`, and what the instances of a service know together in `alert_states` and
 * `alert_silences`, by the clock of the database. The migration stands in docs/guides/alerts.md.
 *
 * @example
 * createAlerts({ service: 'orders', rules, channels, store: alertTables({ pool }) });
 */
export function alertTables(options: AlertTablesOptions): AlertStore {
  const { pool } = resolveOptions('alertTables', options, {}, { pool: (value) => isObject(value) ?? hasQuery(value) });
  requireOption('alertTables', 'pool', pool, 'give a pg.Pool, or what createPool() returned');
  return { append: (event) => append(pool, event), shared: sharedAlerts(pool) };
}

const hasQuery = hasMethods('query');

async function append(pool: AlertPool, event: AlertEvent): Promise<void> {
  const { id, name, severity, status, message, metadata, service, resource, key, at } = event;
  await pool.query(
    `INSERT INTO alerts (id, name, severity, status, message, metadata, service, resource, alert_key, created_at)
     VALUES ($1, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, to_timestamp($10::float8 / 1000))
     ON CONFLICT (id) DO NOTHING`,
    [
      id,
      plainText(name),
      severity,
      status,
      plainText(message),
      jsonbText(metadata),
      service,
      resource === undefined ? null : plainText(resource),
      plainText(key),
      at,
    ],
  );
}

// One statement, so that a look costs one round trip: the states, the silences, and what time it is.
const LOAD = `
SELECT extract(epoch FROM clock_timestamp()) * 1000 AS now,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('key', key, 'version', version, 'state', state)), '[]')
        FROM alert_states WHERE service = $1) AS states,
       (SELECT coalesce(jsonb_agg(silence), '[]')
        FROM alert_silences WHERE service = $1 AND expires_at > clock_timestamp()) AS silences`;

const INSERT = `
INSERT INTO alert_states (service, key, version, state) VALUES ($1, $2, $3::bigint + 1, $4::jsonb)
ON CONFLICT (service, key) DO NOTHING`;

const UPDATE = `
UPDATE alert_states SET version = version + 1, state = $4::jsonb, updated_at = now()
WHERE service = $1 AND key = $2 AND version = $3`;

const REMOVE = 'DELETE FROM alert_states WHERE service = $1 AND key = $2 AND version = $3';

function sharedAlerts(pool: AlertPool): SharedAlerts {
  return {
    async load(service) {
      const { rows } = await pool.query(LOAD, [service]);
      // The statement selects these columns, and always one row; pg gives NUMERIC as text.
      const [{ now, states, silences }] = rows as [{ now: string; states: SharedState[]; silences: Silence[] }];
      return { now: Number(now), states, silences };
    },
    async save(service, key, version, state) {
      if (state === undefined) return changed(pool.query(REMOVE, [service, plainText(key), version]));
      return changed(pool.query(version === 0 ? INSERT : UPDATE, [service, plainText(key), version, jsonbText(state)]));
    },
    async addSilence(service, silence) {
      await pool.query(
        `INSERT INTO alert_silences (id, service, silence, expires_at)
         VALUES ($1, $2, $3::jsonb, to_timestamp($4::float8 / 1000))
         ON CONFLICT (id) DO NOTHING`,
        [silence.id, service, jsonbText(silence), silence.until],
      );
    },
    endSilence: (service, id) =>
      changed(pool.query('DELETE FROM alert_silences WHERE service = $1 AND id::text = $2', [service, plainText(id)])),
  };
}

async function changed(result: Promise<{ rowCount: number | null }>): Promise<boolean> {
  return ((await result).rowCount ?? 0) > 0;
}
