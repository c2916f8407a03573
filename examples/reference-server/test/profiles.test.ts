import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig } from 'express-runbook';
import { PROFILE_NAMES, profileOf } from '../src/profiles/index.js';
import { fromRoot } from '../src/settings.js';

describe('the profiles', () => {
  it.each(PROFILE_NAMES)('%s is a configuration that the service starts with', (name) => {
    const { service, settings } = profileOf(name);
    const config = loadConfig({ env: {}, envFile: false, profile: settings });
    expect(config.port).toBeGreaterThan(0);
    expect(service).toMatch(/^[a-z-]+$/);
  });

  it('one that nobody knows is refused with those that there are', () => {
    expect(() => profileOf('bulder')).toThrow(/must be one of builder, codebook, ordo, booky, beo/);
  });
});

it('every migration can be taken back', () => {
  const names = (folder: string) => readdirSync(fromRoot(folder)).filter((name) => name.endsWith('.sql'));
  expect(names('migrations').length).toBeGreaterThan(10);
  expect(names('migrations/rollback')).toEqual(names('migrations'));
});
