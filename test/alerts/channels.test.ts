import { createHmac } from 'node:crypto';
import { createServer } from 'node:net';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import {
  ALERT_PRESETS,
  alertChannels,
  pagerDutyChannel,
  slackChannel,
  webhookChannel,
  type AlertEvent,
} from 'express-runbook/alerts';
import { EVENT } from './event.js';
import { answering, fakeReceiver, type Behaviour, type FakeReceiver } from './receiver.js';

const allowNetworks = ['127.0.0.1'];
const SECRET = 'a secret of enough characters';
const open: FakeReceiver[] = [];

async function receiver(behave?: Behaviour): Promise<FakeReceiver> {
  const listening = await fakeReceiver(behave);
  open.push(listening);
  return listening;
}

const inTime = (): AbortSignal => AbortSignal.timeout(5000);

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

describe('slackChannel', () => {
  const shown = async (about: Partial<AlertEvent>): Promise<string> => {
    const slack = await receiver();
    await slackChannel({ url: `${slack.url}/services/T0/B0/x`, channel: '#ops', allowNetworks }).send(
      { ...EVENT, ...about },
      inTime(),
    );
    expect(slack.received[0]?.headers['content-type']).toBe('application/json');
    expect(slack.bodies()[0]).toMatchObject({ channel: '#ops', mrkdwn: false });
    return slack.bodies()[0].text as string;
  };

  it('posts what, how bad, where and since when (ALR-25)', async () => {
    expect(await shown({ runbook: 'https://r.example/x.md' })).toBe(
      '[CRITICAL] HighErrorRatio: Error rate at 5.23%\norders · 2026-11-22 12:00:00 UTC · https://r.example/x.md',
    );
    expect(await shown({ status: 'resolved', level: 'P1', resource: 'queue', heldBack: 3 })).toBe(
      '[RESOLVED] HighErrorRatio (queue): Error rate at 5.23%\norders · critical · since 2026-11-22 11:55:00 UTC · 3 changes in between',
    );
    expect(await shown({ isReminder: true, level: 'P1' })).toContain('[P1]');
  });

  it('shows the words of others as they are: no mention, no link, no format (S41)', async () => {
    const text = await shown({
      name: '<!channel>',
      message: '*bold* <@U123> <https://evil.example|log in> & @here @Channel @everyone',
      resource: '<!subteam^S1>',
    });
    expect(text).toContain('[CRITICAL] &lt;!channel&gt; (&lt;!subteam^S1&gt;): *bold* &lt;@U123&gt;');
    expect(text).not.toMatch(/[<>]|@(?:here|channel|everyone)/i);
    expect(text).toContain('&amp; @\u200bhere');
  });
});

describe('pagerDutyChannel', () => {
  it('triggers and resolves one incident per alert, in the form of Events v2 (ALR-25)', async () => {
    const pager = await receiver(answering(202));
    const channel = pagerDutyChannel({ url: `${pager.url}/v2/enqueue`, routingKey: 'R0UT1NG', allowNetworks });
    await channel.send({ ...EVENT, resource: 'db', level: 'P1', runbook: 'https://r.example/x.md' }, inTime());
    await channel.send({ ...EVENT, status: 'resolved' }, inTime());
    expect(pager.bodies()).toEqual([
      {
        routing_key: 'R0UT1NG',
        dedup_key: 'orders/HighErrorRatio',
        event_action: 'trigger',
        payload: {
          summary: 'HighErrorRatio: Error rate at 5.23%',
          source: 'orders',
          severity: 'critical',
          timestamp: '2026-11-22T12:00:00.000Z',
          component: 'db',
          custom_details: { errorRate: 0.0523, level: 'P1' },
        },
        links: [{ href: 'https://r.example/x.md', text: 'Runbook' }],
      },
      { routing_key: 'R0UT1NG', dedup_key: 'orders/HighErrorRatio', event_action: 'resolve' },
    ]);
    expect(channel.severities).toEqual(['critical']);
  });
});

describe('webhookChannel', () => {
  it('signs time and body, and says which message it is (S39)', async () => {
    const hook = await receiver(answering(204));
    const channel = webhookChannel({ url: hook.url, secret: SECRET, allowNetworks });
    await channel.send(EVENT, inTime());
    const [{ headers, body }] = hook.received as [FakeReceiver['received'][0]];
    const timestamp = String(headers['x-alert-timestamp']);
    const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['x-alert-signature']).toBe(`v1=${expected}`);
    expect(Math.abs(Number(timestamp) - Date.now() / 1000)).toBeLessThan(60);
    expect(headers['x-alert-id']).toBe(EVENT.id);
    expect(JSON.parse(body)).toEqual(EVENT);
  });

  it('wants a secret that is one', () => {
    expect(() => webhookChannel({ url: 'https://a.example/', secret: 'short' })).toThrow(
      'at least 16 characters, got a string of 5',
    );
  });
});

describe('what a receiver answers', () => {
  const refusal = async (behave: Behaviour, signal = inTime()): Promise<unknown> => {
    const hook = await receiver(behave);
    const sending = webhookChannel({ url: `${hook.url}/SECRET`, secret: SECRET, allowNetworks }).send(EVENT, signal);
    return sending.then(
      () => 'sent',
      (error: unknown) => error,
    );
  };

  it.each<[string, Behaviour, object]>([
    [
      '404 and a word',
      answering(404, {}, 'channel_not_found'),
      { message: 'answered 404 (channel_not_found)', mayRetry: false },
    ],
    ['400 and what was sent', answering(400, {}, 'no: token=abc SECRET'), { message: 'answered 400', mayRetry: false }],
    ['403 and an endless body', (res) => res.writeHead(403).write('x'.repeat(5000)), { message: 'answered 403' }],
    ['429 and when to come again', answering(429, { 'Retry-After': '7' }), { mayRetry: true, retryAfterMs: 7000 }],
    ['500', answering(500), { message: 'answered 500', mayRetry: true }],
    [
      'nothing, and hangs up',
      (res) => res.socket?.resetAndDestroy(),
      { message: 'cannot be reached (ECONNRESET)', mayRetry: true },
    ],
  ])('is understood: %s (S39, S41)', async (_what, behave, expected) => {
    const error = await refusal(behave);
    expect(error).toMatchObject({ code: 'ERR_ALERT_CHANNEL', ...expected });
    expect(String(error)).not.toMatch(/SECRET|127\.0\.0\.1/);
  });

  it.each<[string, Behaviour]>([
    ['nothing', () => undefined],
    ['a head without an end', (res) => res.socket?.write('HTTP/1.1 200 OK\r\nX: ')],
  ])('%s is not waited for any longer than it may take', async (_what, behave) => {
    expect(await refusal(behave, AbortSignal.timeout(50))).toMatchObject({ mayRetry: true });
  });

  it('is taken as soon as it says 200, whatever it goes on saying', async () => {
    expect(await refusal((res) => void setInterval(() => res.write('x'.repeat(65_536)), 1).unref())).toBe('sent');
  });

  it('may be no HTTP at all', async () => {
    const server = createServer((socket) => socket.on('error', () => undefined).end('SSH-2.0-x\r\n')).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const channel = webhookChannel({ url: `http://127.0.0.1:${port}`, secret: SECRET, allowNetworks });
    await expect(channel.send(EVENT, inTime())).rejects.toMatchObject({ mayRetry: true });
    server.close();
  });
});

describe('alertChannels', () => {
  const receivers = {
    slackWebhookUrl: 'https://hooks.slack.example/services/x',
    pagerDutyRoutingKey: 'R0UT1NG',
    webhookUrl: 'https://status.example/alerts',
    webhookSecret: SECRET,
  };

  it('has each channel of the environment take what the preset has for it (ALR-25, X-34)', () => {
    const table = (preset?: keyof typeof ALERT_PRESETS): [string, readonly string[] | undefined][] =>
      alertChannels(receivers, preset === undefined ? undefined : ALERT_PRESETS[preset]).map(({ name, severities }) => [
        name,
        severities,
      ]);
    const all = ['low', 'medium', 'high', 'critical'];
    expect(table('builder')).toEqual([
      ['slack', ['medium', 'high', 'critical']],
      ['pagerduty', ['critical']],
      ['webhook', all],
    ]);
    expect(table('codebook')[0]).toEqual(['slack', all]);
    // Its guide has no Slack: an address that is set all the same is for everything.
    expect(table('beo')).toEqual([
      ['slack', all],
      ['pagerduty', ['critical']],
      ['webhook', all],
    ]);
    expect(table()).toEqual(table('beo'));
  });

  it('refuse a webhook without its secret, and a secret without its webhook', () => {
    const refusal = (given: object): unknown => {
      try {
        return alertChannels(given);
      } catch (error) {
        return error;
      }
    };
    const code = 'ERR_OPTION_REQUIRED';
    expect(refusal({ webhookUrl: receivers.webhookUrl })).toMatchObject({
      code,
      option: 'alertChannels.webhookSecret',
    });
    expect(refusal({ webhookSecret: SECRET })).toMatchObject({ code, option: 'alertChannels.webhookUrl' });
  });

  it('are none when the environment names none', () => {
    expect(alertChannels({})).toEqual([]);
  });
});
