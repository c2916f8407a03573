export { acceptedRules } from './accepted-rules.js';
export { backupRules, type BackupRulesOptions } from './backup-rules.js';
export { dueAt, INCIDENT_DEADLINES, incidentLevelOf, PLAIN_LEVELS, type IncidentLevel } from './incidents.js';
export { MEASURES, MEASURE_NAMES, type Measure, type MeasureName, type MeasureUnit } from './measures.js';
export type { AlertPreset, Receiver } from './preset.js';
export { ALERT_PRESETS, type AlertPresetName } from './presets/index.js';
export { severityOf, type AlertRule, type AlertThreshold } from './rule.js';
export { ALERT_LEVELS, LEVEL_SEVERITIES, SEVERITIES, type AlertLevel, type Severity } from './severity.js';
