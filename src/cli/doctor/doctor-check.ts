import type { Config } from '../../index.js';
import type { Database } from './database.js';
import type { Finding } from './finding.js';
import type { Repository } from './repository/repository.js';
import type { Service } from './service/service.js';
import type { SettingsFor } from './settings.js';

/** What can be looked at. A check whose part is not there is skipped, with the reason. */
export interface Parts {
  readonly repository: Repository;
  readonly settings: Config;
  readonly database: Database;
  readonly service: Service;
}

export type PartName = keyof Parts;

/** What every check has at hand, whatever it needs. */
export interface Circumstances {
  /** The settings, where they can be read: for checks that are only told more by them. */
  readonly known: Config | undefined;
  /** The settings as a manifest would have them. */
  readonly settingsFor: SettingsFor;
  /** Whether `--profile` said what the profiles are: without it nobody knows what OPS_PROFILE stands for. */
  readonly hasProfiles: boolean;
  /** Where the service runs, when it was said. */
  readonly url: URL | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Instances that share the database; by the manifests when nobody says it. */
  readonly replicas: number | undefined;
  readonly migrations: { readonly dir: string; readonly table: string | undefined };
  /** Milliseconds for which the load balancer keeps an idle connection. */
  readonly balancerIdleMs: number;
  /** Path of the OpenAPI document of the service. */
  readonly openApiPath: string;
  /** Aborted when the time of this check is over. */
  readonly signal: AbortSignal;
}

type Findings = Finding | readonly Finding[];

interface DoctorCheck<Needs extends PartName = PartName> {
  /** Stable: scripts go by it. */
  readonly id: string;
  /** What is looked at. */
  readonly title: string;
  readonly needs: readonly Needs[];
  /** A part that should be there and is not fails this check, and has all others that need it skipped. */
  readonly answersFor?: Needs;
  run(seen: Pick<Parts, Needs> & Circumstances): Findings | Promise<Findings>;
}

/** A check among others, whatever each of them needs: whoever runs it hands over what `needs` names. */
export interface AnyCheck extends Omit<DoctorCheck, 'run'> {
  run(seen: never): Findings | Promise<Findings>;
}

/** Has the compiler see that a check uses no other part than it needs. */
export function check<Needs extends PartName>(one: DoctorCheck<Needs>): AnyCheck {
  return one;
}
