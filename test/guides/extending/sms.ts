import { AlertChannelError, type AlertChannel } from 'express-runbook/alerts';

export function smsChannel(options: { url: string; key: string; to: string }): AlertChannel {
  const { url, key, to } = options;
  return {
    name: 'sms',
    severities: ['critical'],
    async send({ id, service, name, message, status }, signal) {
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          Authorization: `Bearer ${key}`,
          'Content-Type': 'application/json',
          'Idempotency-Key': id, // a retry has the same: one message, however often it is sent
        },
        body: JSON.stringify({ to, text: `${service}: ${status === 'firing' ? '' : 'over: '}${name}. ${message}` }),
        redirect: 'error', // would take the key along
        signal, // aborted at the deadline
      });
      await response.body?.cancel();
      if (response.ok) return;
      const retryAfter = Number(response.headers.get('Retry-After') ?? '0');
      throw new AlertChannelError(`the gateway answered ${response.status}`, {
        mayRetry: response.status === 429 || response.status >= 500,
        retryAfterMs: Number.isFinite(retryAfter) ? retryAfter * 1000 : undefined,
      });
    },
  };
}
