import { decodeJwt } from 'jose';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import type { Principal } from 'express-runbook';
import { createTokenIssuer } from 'express-runbook/auth';
import { fakeClock } from 'express-runbook/testing';
import { recordingLogger } from '../support/recording-logger.js';
import { memoryRefreshTokens } from './memory-refresh-tokens.js';

const SECRET = 'access-secret-of-at-least-32-bytes-12';
const REFRESH = 'refresh-secret-of-at-least-32-bytes-1';
const NEXT = 'refresh-secret-after-the-rotation-123';
const OWNER = { userId: '7', clientId: 'acme' };

function issuer(secrets: { secret: string; previousSecret?: string } = { secret: REFRESH }) {
  const clock = fakeClock(Date.UTC(2026, 10, 22));
  const store = memoryRefreshTokens();
  const registry = new Registry();
  const logger = recordingLogger();
  const reused: Principal[] = [];
  const onReuse = (principal: Principal): void => void reused.push(principal);
  const make = (refresh: { secret: string; previousSecret?: string }) =>
    createTokenIssuer({ secret: SECRET, refresh: { ...refresh, store, onReuse }, registry, logger, now: clock.now });
  const tokens = make(secrets);
  const login = async (): Promise<string> => (await tokens.issue(OWNER)).refreshToken ?? '';
  const trade = async (token: string): Promise<string> => (await tokens.refresh(token)).tokens.refreshToken ?? '';
  return { tokens, make, login, trade, clock, store, registry, reused, lines: logger.lines };
}

const INVALID = { statusCode: 401, message: 'Invalid token', code: 'ERR_UNAUTHORIZED' };

describe('tokens', () => {
  it('live for 7 days, and those that renew them for 30 (SEC-02, CFG-22, CFG-23)', async () => {
    const { accessToken, refreshToken = '', expiresIn } = await issuer().tokens.issue(OWNER);
    expect(lifetime(accessToken)).toBe(604_800);
    expect(expiresIn).toBe(604_800);
    expect(lifetime(refreshToken)).toBe(2_592_000);
  });
});

describe('a refresh token', () => {
  it('is traded once for new tokens of the same principal, and its store keeps no token', async () => {
    const { tokens, login, store, registry } = issuer();
    const first = await login();
    const { principal, tokens: next } = await tokens.refresh(first);
    expect(principal).toEqual(OWNER);
    expect(await tokens.authenticator.authenticate(next.accessToken)).toEqual(OWNER);
    expect(next.refreshToken).not.toBe(first);
    expect(store.records.map((record) => record.familyId)).toEqual([
      store.records[0]?.familyId,
      store.records[0]?.familyId,
    ]);
    expect(JSON.stringify(store.records)).not.toContain(first);
    expect(await registry.metrics()).toContain('refresh_tokens_total{result="rotated"} 1');
  });

  it('that is used twice ends all that followed from its login, is told of, and leaves other logins alone', async () => {
    const { login, trade, reused, lines, registry } = issuer();
    const [stolen, other] = [await login(), await login()];
    const owners = await trade(stolen);
    await expect(trade(stolen)).rejects.toMatchObject(INVALID);
    await expect(trade(owners)).rejects.toMatchObject(INVALID);
    await expect(trade(other)).resolves.toEqual(expect.any(String));
    expect(reused).toEqual([OWNER]);
    expect(lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'Refresh token used twice: all tokens of its login were ended'],
    ]);
    expect(JSON.stringify(lines)).not.toContain(stolen);
    expect(await registry.metrics()).toContain('refresh_tokens_total{result="reused"} 1');
    expect(await registry.metrics()).toContain('refresh_tokens_total{result="invalid"} 1');
  });

  it('wins one of two trades at the same time', async () => {
    const { login, trade } = issuer();
    const token = await login();
    const outcomes = await Promise.allSettled([trade(token), trade(token)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is ended by logging out, with all that followed from it', async () => {
    const { tokens, login, trade } = issuer();
    const next = await trade(await login());
    await tokens.end(next);
    await tokens.end('nonsense');
    await expect(trade(next)).rejects.toMatchObject(INVALID);
  });

  it('expires, and is called so', async () => {
    const { login, trade, clock } = issuer();
    const token = await login();
    clock.advance(2_592_000_000);
    await expect(trade(token)).rejects.toMatchObject({ statusCode: 401, message: 'Token expired' });
  });

  it('of the secret before the rotation is traded for one of the new secret (SEC-13)', async () => {
    const { login, make } = issuer();
    const old = await login();
    const rotated = make({ secret: NEXT, previousSecret: REFRESH });
    const { tokens: next } = await rotated.refresh(old);
    const afterOverlap = make({ secret: NEXT });
    await expect(afterOverlap.refresh(next.refreshToken ?? '')).resolves.toMatchObject({ principal: OWNER });
    await expect(make({ secret: 'z'.repeat(32) }).refresh(next.refreshToken ?? '')).rejects.toMatchObject(INVALID);
  });

  it('is no access token, and an access token is none', async () => {
    const { tokens, login, trade } = issuer();
    expect(await tokens.authenticator.authenticate(await login())).toBe('invalid');
    await expect(trade((await tokens.issue(OWNER)).accessToken)).rejects.toMatchObject(INVALID);
  });

  it('does not exist where none was wanted', async () => {
    const tokens = createTokenIssuer({ secret: SECRET });
    expect(await tokens.issue(OWNER)).not.toHaveProperty('refreshToken');
    await expect(tokens.refresh('x')).rejects.toThrow(/without refresh tokens/);
  });
});

function lifetime(token: string): number {
  const { exp = 0, iat = 0 } = decodeJwt(token);
  return exp - iat;
}
