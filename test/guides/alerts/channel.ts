import { AlertChannelError, type AlertChannel } from 'express-runbook/alerts';

/** What is needed of a mail client such as nodemailer's. */
interface Mailer {
  send(mail: { to: string; subject: string; text: string }, signal: AbortSignal): Promise<void>;
}

export function mailChannel(mailer: Mailer, to: string): AlertChannel {
  return {
    name: 'mail',
    severities: ['medium', 'high'],
    async send({ status, name, message, service, key }, signal) {
      const subject = `[${service}] ${status === 'resolved' ? 'resolved: ' : ''}${name}`;
      try {
        await mailer.send({ to, subject, text: `${message}\n${key}` }, signal);
      } catch (error) {
        // A box that does not exist will not exist in a minute either; anything else is tried again.
        if (error instanceof Error && 'responseCode' in error && error.responseCode === 550) {
          throw new AlertChannelError('the mailbox does not exist', { mayRetry: false });
        }
        throw error;
      }
    },
  };
}
