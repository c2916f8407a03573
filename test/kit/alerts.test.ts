import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ALERT_PRESETS, createAlerts } from 'express-runbook/alerts';
import { testApp } from 'express-runbook/testing';
import { recordingChannel, told } from '../alerts/recording-channel.js';

describe('alerts that were added to a service', () => {
  it('hear of its health when it changes, and are closed with it (ALR-18)', async () => {
    const database: { status: 'up' | 'down' } = { status: 'up' };
    const check = { name: 'database', cacheTtlMs: 0, run: () => ({ status: database.status }) };
    const { app, ops, close } = testApp(() => undefined, {
      checks: [check],
      env: { HEALTH_PROCESS_CHECKS: 'none' },
    });
    const people = recordingChannel();
    const rules = ALERT_PRESETS.builder.rules.filter(({ measure }) => measure === 'overallStatus');
    const health = () => ops.health.report();
    // So long that only what it hears can have it look.
    const alerts = createAlerts({ service: 'test', rules, channels: [people], health, intervalMs: 3_600_000 });
    ops.addAlerts(alerts);
    await request(app).get('/health').expect(200);
    expect(people.events).toEqual([]);
    database.status = 'down';
    await request(app).get('/health').expect(503);
    await expect.poll(() => told(people.events)).toEqual(['firing critical ServiceUnhealthy']);
    const { hooks } = await close();
    expect(hooks.find(({ name }) => name === 'alerts')?.outcome).toBe('closed');
  });
});
