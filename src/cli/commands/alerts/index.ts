import type { Command } from 'commander';
import type { Terminal } from '../../terminal.js';
import { generateAlerts } from './generate.js';

export function alerts(program: Command, terminal: Terminal): void {
  const group = program
    .command('alerts')
    .summary('alert rules')
    .description('Makes files for Prometheus and Alertmanager of the thresholds of a service.');
  generateAlerts(group, terminal);
}
