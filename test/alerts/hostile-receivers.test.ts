import dns, { type LookupAddress, type LookupOptions } from 'node:dns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { pagerDutyChannel, slackChannel, webhookChannel, type AlertChannel } from 'express-runbook/alerts';
import { CONNECTED_SINKS, SINK_URLS } from '../corpus/sink-urls.js';
import { EVENT } from './event.js';
import { answering, fakeReceiver } from './receiver.js';

const KEYS = { secret: 'a secret of enough characters', routingKey: 'R0UT1NG' };
const CHANNELS: [string, (url: string, allowNetworks?: string[]) => AlertChannel][] = [
  ['slackChannel', (url, allowNetworks) => slackChannel({ url, allowNetworks })],
  ['pagerDutyChannel', (url, allowNetworks) => pagerDutyChannel({ url, allowNetworks, routingKey: KEYS.routingKey })],
  ['webhookChannel', (url, allowNetworks) => webhookChannel({ url, allowNetworks, secret: KEYS.secret })],
];
const [, webhook] = CHANNELS[2]!;

type Lookup = (host: string, options: LookupOptions, callback: (error: null, found: LookupAddress[]) => void) => void;

/** Has names mean these addresses, one list per lookup. */
function names(...answers: string[][]): { readonly asked: string[] } {
  const asked: string[] = [];
  const lookup: Lookup = (host, _options, callback) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(host);
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
  return { asked };
}

const send = (channel: AlertChannel): Promise<void> => channel.send(EVENT, AbortSignal.timeout(5000));

afterEach(() => {
  vi.restoreAllMocks();
});

describe.each(CHANNELS)('%s', (name, create) => {
  it.each(SINK_URLS)('refuses input $id when it is made, and does not repeat it: $what', ({ url }) => {
    // Not for the lack of encryption alone.
    for (const one of [url, url.replace(/^( ?)http:/, '$1https:')]) {
      const error = thrownBy(() => create(one));
      expect(error).toMatchObject({ code: 'ERR_OPTION_INVALID', option: `${name}.url` });
      if (one.length > 12) expect(String(error)).not.toContain(one.slice(8));
    }
  });

  it('refuses them as well where some other network is allowed: when it is made, or when it connects', async () => {
    names(['127.0.0.1']);
    for (const { url, id } of SINK_URLS) {
      for (const one of [url, url.replace(/^( ?)http:/, '$1https:')]) {
        const made = thrownBy(() => create(one, ['198.51.100.0/24']));
        if (made instanceof Error) expect(made).toMatchObject({ code: 'ERR_OPTION_INVALID' });
        // A name of the inside may be meant; what it is decides.
        else await expect(send(made as AlertChannel), String(id)).rejects.toThrow('not public');
      }
    }
  });
});

function thrownBy(make: () => unknown): unknown {
  try {
    return make();
  } catch (error) {
    return error;
  }
}

describe('a receiver of which only the connection tells', () => {
  const urlOf = (id: number): string => CONNECTED_SINKS.find((one) => one.id === id)!.url;

  it.each([302, 307])('is not followed when it redirects to loopback by %d (input 210)', async (status) => {
    expect(urlOf(210)).toContain('redirects');
    const inside = await fakeReceiver();
    const receiver = await fakeReceiver(answering(status, { Location: inside.url }));
    await expect(send(webhook(receiver.url, ['127.0.0.1']))).rejects.toMatchObject({
      code: 'ERR_ALERT_CHANNEL',
      message: `answered ${status}`,
      mayRetry: false,
    });
    expect([receiver.received.length, inside.received.length]).toEqual([1, 0]);
    await Promise.all([receiver.close(), inside.close()]);
  });

  it.each([
    ['a public and a private address (input 211)', ['93.184.215.14', '10.0.0.1']],
    ['the address of the metadata of a cloud', ['169.254.169.254']],
    ['a private address behind NAT64', ['64:ff9b::a00:1']],
    ['loopback inside of IPv6', ['::ffff:127.0.0.1']],
    ['a private address behind 6to4', ['2002:a00:1::']],
    ['the shared space of providers', ['100.64.0.1']],
    ['a unique local address', ['fd00::1']],
    ['no address', []],
  ])('is refused when its name has %s', async (_what, addresses) => {
    const { asked } = names(addresses);
    const refusal = { code: 'ERR_ALERT_CHANNEL', message: 'leads to an address that is not public', mayRetry: false };
    await expect(send(webhook(urlOf(211)))).rejects.toMatchObject(refusal);
    expect(asked).toEqual(['both.example']);
  });

  it('is looked up once for each connection, which is to one of the addresses that were looked at (input 212)', async () => {
    const receiver = await fakeReceiver();
    // Allowed the first time; what the name means afterwards is asked and judged anew.
    const { asked } = names(['127.0.0.1'], ['127.0.0.2']);
    const url = new URL(urlOf(212));
    const channel = webhook(`http://${url.hostname}:${receiver.port}/`, ['127.0.0.1']);
    await send(channel);
    expect([asked.length, receiver.received.length]).toEqual([1, 1]);
    await expect(send(channel)).rejects.toThrow('leads to an address that is not public');
    expect([asked.length, receiver.received.length]).toEqual([2, 1]);
    await receiver.close();
  });

  it('that cannot be looked up is refused, and tried again', async () => {
    const lookup = (_host: string, _options: LookupOptions, callback: (error: Error) => void): void =>
      callback(Object.assign(new Error('no such host: SECRET'), { code: 'EAI_AGAIN' }));
    vi.spyOn(dns, 'lookup').mockImplementation(lookup as unknown as typeof dns.lookup);
    const refusal = { message: 'cannot be reached (EAI_AGAIN)', mayRetry: true };
    await expect(send(webhook(urlOf(211)))).rejects.toMatchObject(refusal);
  });

  it('is reached over plain HTTP in a network that was named, and nowhere else', async () => {
    const receiver = await fakeReceiver();
    await send(webhook(receiver.url, ['127.0.0.0/8']));
    expect(receiver.received).toHaveLength(1);
    expect(() => webhook(receiver.url, ['10.0.0.0/8'])).toThrow('not public');
    expect(() => webhook('http://93.184.215.14/', ['10.0.0.0/8'])).toThrow('not public');
    expect(webhook('https://93.184.215.14/').name).toBe('webhook');
    await receiver.close();
  });
});
