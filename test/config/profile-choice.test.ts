import { describe, expect, it } from 'vitest';
import { loadConfig, type ConfigProfile } from 'express-runbook';

const data: Record<string, ConfigProfile> = { builder: { PORT: 3000 }, beo: { PORT: 3005, DB_NAME: 'beo' } };

describe('a profile that is chosen by name', () => {
  const load = (env: Record<string, string>, overrides: ConfigProfile = {}) => {
    const asked: string[] = [];
    const profile = (name: string): ConfigProfile => {
      asked.push(name);
      return data[name] ?? {};
    };
    return { asked, config: () => loadConfig({ env, envFile: false, profile, overrides }) };
  };

  it('is the one that OPS_PROFILE names, asked for once, and builder when it names none', () => {
    const { asked, config } = load({ OPS_PROFILE: ' beo ' });
    expect(config()).toMatchObject({ profile: 'beo', port: 3005, database: { name: 'beo' } });
    expect(asked).toEqual(['beo']);
    expect(load({}).config()).toMatchObject({ profile: 'builder', port: 3000 });
  });

  it('may be named by an override, and stands below the environment', () => {
    expect(load({ OPS_PROFILE: 'builder' }, { OPS_PROFILE: 'beo' }).config()).toMatchObject({ port: 3005 });
    expect(load({ OPS_PROFILE: 'beo', PORT: '4000' }).config()).toMatchObject({ port: 4000 });
  });

  it('does not hide other mistakes when its name is a bad one', () => {
    expect(load({ OPS_PROFILE: '../etc', PORT: 'abc' }).config).toThrow(/OPS_PROFILE[^]*PORT|PORT[^]*OPS_PROFILE/);
  });
});

describe('a list of words', () => {
  const checks = (text: string) =>
    loadConfig({ env: { HEALTH_PROCESS_CHECKS: text }, envFile: false }).health.processChecks;

  it('is read in any case, each word once, and none is none', () => {
    expect(checks('memory, DISKSPACE,memory')).toEqual(['memory', 'diskSpace']);
    expect(checks('none')).toEqual([]);
  });

  it('refuses a word that is not in it', () => {
    expect(() => checks('memory,disk')).toThrow(/HEALTH_PROCESS_CHECKS must be a list of memory, cpu/);
  });
});
