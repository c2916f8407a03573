import { describe, expect, it } from 'vitest';
import express from 'express';
import { load, refused } from './load.js';

describe('TRUST_PROXY', () => {
  it('is a list that Express takes', () => {
    const { trustProxy } = load({ TRUST_PROXY: 'loopback, 10.0.0.0/8,2001:db8::/32 , 192.0.2.1' });
    expect(trustProxy).toEqual(['loopback', '10.0.0.0/8', '2001:db8::/32', '192.0.2.1']);
    expect(() => express().set('trust proxy', trustProxy)).not.toThrow();
  });

  it.each(['true', '1', 'TRUE', '10.0.0.0/8,2'])(
    '%s is refused with the reason: clients would choose their address',
    (text) => {
      expect(refused({ TRUST_PROXY: text }).TRUST_PROXY).toContain('any client choose its own address');
    },
  );

  it.each([
    '10.0.0.0/8,garbage',
    '10.0.0.0/33',
    '0.0.0.0/0',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    'fe80::1%eth0',
    '2001:db8::/129',
  ])('%s is refused', (text) => {
    expect(refused({ TRUST_PROXY: text })).toHaveProperty('TRUST_PROXY');
  });
});

describe('CORS_ORIGINS', () => {
  it('is a list of origins (CFG-26)', () => {
    const text = 'https://your-domain.com,https://www.your-domain.com, http://localhost:5173';
    expect(load({ CORS_ORIGINS: text }).cors.origins).toEqual(text.split(/, ?/));
  });

  it.each([
    '*',
    'null',
    'your-domain.com',
    'https://a.example/path',
    'https://a.example/',
    'https://*.example',
    'javascript:1',
  ])('%s is refused: no browser sends it as its origin', (text) => {
    expect(refused({ CORS_ORIGINS: text })).toHaveProperty('CORS_ORIGINS');
  });
});

describe('API_PREFIX', () => {
  it.each([
    ['api/v1', 'api/v1'],
    ['/api/v1/', 'api/v1'],
    ['v1', 'v1'],
    ['/', ''],
  ])('%s becomes "%s" (CFG-03, X-12)', (text, prefix) => {
    expect(load({ API_PREFIX: text }).apiPrefix).toBe(prefix);
  });

  it('may be empty by profile, for routes without one (X-12)', () => {
    expect(load({}, { profile: { API_PREFIX: '' } }).apiPrefix).toBe('');
    expect(load({ API_PREFIX: '' }).apiPrefix).toBe('api');
  });

  it.each(['a b', 'api//v1', ':id', 'api?x', '*'])('%s is refused', (text) => {
    expect(refused({ API_PREFIX: text })).toHaveProperty('API_PREFIX');
  });
});

describe('HOST', () => {
  it.each(['127.0.0.1', '::', '::1', 'localhost', 'my_host.internal'])('%s is taken', (host) => {
    expect(load({ HOST: host }).host).toBe(host);
  });

  it.each(['http://localhost', 'localhost:3000', '0.0.0.0/0', 'a b'])('%s is refused', (host) => {
    expect(refused({ HOST: host })).toHaveProperty('HOST');
  });
});

describe('Redis', () => {
  it('is absent unless said (CFG-18)', () => {
    expect(load({})).not.toHaveProperty('redis');
  });

  it('comes by URL or by parts, alike (CFG-19, X-15)', () => {
    expect(load({ REDIS_URL: 'redis://localhost:6379' }).redis).toEqual({ url: 'redis://localhost:6379' });
    const parts = { REDIS_HOST: 'cache', REDIS_PORT: '6380', REDIS_PASSWORD: 'p@:/ss', REDIS_DB: '2' };
    expect(load(parts).redis).toEqual({ url: 'redis://:p%40%3A%2Fss@cache:6380/2' });
    expect(load({ REDIS_HOST: 'cache' }).redis).toEqual({ url: 'redis://cache:6379/0' });
  });

  it('by URL wins over the parts, with a warning when they disagree (X-15)', () => {
    const config = load({ REDIS_URL: 'redis://a:6379/0', REDIS_HOST: 'b' });
    expect(config.redis).toEqual({ url: 'redis://a:6379/0' });
    expect(config.warnings).toEqual([expect.stringContaining('REDIS_HOST')]);
    expect(load({ REDIS_URL: 'redis://a:6379/0', REDIS_HOST: 'a' }).warnings).toEqual([]);
  });

  it('by parts in the environment wins over the URL of a profile', () => {
    const config = load({ REDIS_HOST: 'b' }, { profile: { REDIS_URL: 'redis://a:6379' } });
    expect(config.redis).toEqual({ url: 'redis://b:6379/0' });
  });

  it('stays off, and says so, when only a detail is set', () => {
    const config = load({ REDIS_PASSWORD: 'x' });
    expect(config).not.toHaveProperty('redis');
    expect(config.warnings).toEqual([expect.stringContaining('REDIS_HOST')]);
  });

  it.each(['localhost:6379', 'http://localhost', 'redis://:p/w@h'])('%s is refused', (text) => {
    expect(refused({ REDIS_URL: text })).toHaveProperty('REDIS_URL');
  });
});
