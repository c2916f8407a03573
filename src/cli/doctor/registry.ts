import { backupsAge } from './checks/backups-age.js';
import { certificateDays } from './checks/certificate-days.js';
import { clockDatabase } from './checks/clock-database.js';
import { clockService } from './checks/clock-service.js';
import { composeGracePeriod } from './checks/compose-grace-period.js';
import { databaseConnections } from './checks/database-connections.js';
import { databaseEncryption } from './checks/database-encryption.js';
import { databaseMigrations } from './checks/database-migrations.js';
import { databaseReachable } from './checks/database-reachable.js';
import { databaseVersion } from './checks/database-version.js';
import { diskSpace } from './checks/disk-space.js';
import { dockerSignals } from './checks/docker-signals.js';
import { keepAliveBalancer } from './checks/keep-alive-balancer.js';
import { kubernetesGracePeriod } from './checks/kubernetes-grace-period.js';
import { kubernetesProbes } from './checks/kubernetes-probes.js';
import { kubernetesSettings } from './checks/kubernetes-settings.js';
import { limiterProbes } from './checks/limiter-probes.js';
import { logsErrors } from './checks/logs-errors.js';
import { nodeVersion } from './checks/node-version.js';
import { pm2KillTimeout } from './checks/pm2-kill-timeout.js';
import { pm2Reload } from './checks/pm2-reload.js';
import { probesDraining } from './checks/probes-draining.js';
import { probesNoStore } from './checks/probes-no-store.js';
import { probesReadiness } from './checks/probes-readiness.js';
import { probesTime } from './checks/probes-time.js';
import { probesType } from './checks/probes-type.js';
import { proxyTrust } from './checks/proxy-trust.js';
import { redactionLogs } from './checks/redaction-logs.js';
import { redactionSelfTest } from './checks/redaction-self-test.js';
import { redisVersion } from './checks/redis-version.js';
import { securityAuditLog } from './checks/security-audit-log.js';
import { securityAuthentication } from './checks/security-authentication.js';
import { securityDependencies } from './checks/security-dependencies.js';
import { securityHeadersSent } from './checks/security-headers.js';
import { securityHttps } from './checks/security-https.js';
import { securityLeaks } from './checks/security-leaks.js';
import { securityRateLimit } from './checks/security-rate-limit.js';
import { securitySecrets } from './checks/security-secrets.js';
import { securitySql } from './checks/security-sql.js';
import { securityValidation } from './checks/security-validation.js';
import { serviceAnswers } from './checks/service-answers.js';
import { serviceChecks } from './checks/service-checks.js';
import { settingsValid } from './checks/settings-valid.js';
import { shutdownBudget } from './checks/shutdown-budget.js';
import { systemdUnit } from './checks/systemd-unit.js';
import type { AnyCheck } from './doctor-check.js';

/** In the order in which a report lists them. */
export const CHECKS: readonly AnyCheck[] = [
  nodeVersion,
  settingsValid,
  redactionSelfTest,
  redactionLogs,
  logsErrors,
  diskSpace,
  dockerSignals,
  shutdownBudget,
  pm2KillTimeout,
  pm2Reload,
  systemdUnit,
  composeGracePeriod,
  kubernetesSettings,
  kubernetesProbes,
  kubernetesGracePeriod,
  databaseReachable,
  databaseVersion,
  databaseEncryption,
  databaseConnections,
  databaseMigrations,
  backupsAge,
  clockDatabase,
  redisVersion,
  serviceAnswers,
  serviceChecks,
  probesType,
  probesNoStore,
  probesTime,
  probesReadiness,
  probesDraining,
  limiterProbes,
  proxyTrust,
  keepAliveBalancer,
  clockService,
  certificateDays,
  securityAuthentication,
  securityRateLimit,
  securityValidation,
  securitySql,
  securityHttps,
  securityHeadersSent,
  securityDependencies,
  securitySecrets,
  securityLeaks,
  securityAuditLog,
];
