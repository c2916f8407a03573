import { setTimeout as sleep } from 'node:timers/promises';
import { slackChannel, type AlertChannelError, type SlackChannel } from '../../alerts/index.js';
import { createRedactor, type Config } from '../../index.js';
import { CommandError, EXIT } from '../exit-codes.js';
import type { Terminal } from '../terminal.js';
import { slackSettings } from './slack-settings.js';
import { textFrom } from './text-from.js';

const USAGE = `Usage: slack-notify <channel> [message]

Posts a message to Slack, from standard input when none is given:

  slack-notify "#ops" "URGENT: the API is down"
  echo "rolled back at $(date)" | slack-notify "#ops"

The incoming webhook is SLACK_WEBHOOK_URL, from the environment or .env. Without one the message is printed.
Passwords and tokens in the message are masked.

Exit codes: 0 posted, or printed because there is no webhook; 1 not posted; 2 wrong usage or settings.
`;

const ATTEMPTS = 3;
const ATTEMPT_MS = 5000;
const PAUSE_MS = 1000;
/** Whoever waits at a prompt has no more patience. */
const MAX_PAUSE_MS = 10_000;

/** Runs one call of `slack-notify` and gives back its exit code. */
export async function slackNotify(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(argv, terminal);
  } catch (error) {
    const [message, exitCode] =
      error instanceof CommandError ? [error.message, error.exitCode] : [String(error), EXIT.failure];
    terminal.complain(`error: ${message}\n`);
    return exitCode;
  }
}

async function run([channel, ...words]: readonly string[], terminal: Terminal): Promise<number> {
  if (channel === '--help' || channel === '-h') {
    await terminal.print(USAGE);
    return EXIT.ok;
  }
  if (channel === undefined || channel.startsWith('-') || channel.trim() === '')
    throw new CommandError(USAGE.trimEnd());
  const text = words.length > 0 ? words.join(' ') : await textFrom(terminal);
  if (text.trim() === '') throw new CommandError('there is no message');
  const settings = slackSettings(terminal.env);
  if (settings.slackWebhookUrl === undefined) {
    terminal.complain('SLACK_WEBHOOK_URL is not set: the message is printed, and posted nowhere\n');
    await terminal.print(`${channel}: ${text.trimEnd()}\n`);
    return EXIT.ok;
  }
  const redactor = createRedactor();
  redactor.registerSecrets([settings.slackWebhookUrl]);
  await posted(channelOf(settings, channel), redactor.text(text.trimEnd()));
  return EXIT.ok;
}

function channelOf({ slackWebhookUrl = '', allowNetworks }: Config['alerts'], channel: string): SlackChannel {
  try {
    return slackChannel({ url: slackWebhookUrl, channel, allowNetworks });
  } catch (error) {
    // It names the option of the function; here the address has another name.
    const problem = error instanceof Error && 'problem' in error ? String(error.problem) : 'cannot be used';
    throw new CommandError(`SLACK_WEBHOOK_URL ${problem}`);
  }
}

async function posted(slack: SlackChannel, text: string): Promise<void> {
  for (let number = 1; ; number++) {
    try {
      await slack.post(text, AbortSignal.timeout(ATTEMPT_MS));
      return;
    } catch (error) {
      // The one kind of error that it rejects with.
      const { message, mayRetry, retryAfterMs = PAUSE_MS * number } = error as AlertChannelError;
      if (!mayRetry || number === ATTEMPTS || retryAfterMs > MAX_PAUSE_MS) {
        throw new CommandError(`not posted: Slack ${message}`, EXIT.failed);
      }
      await sleep(retryAfterMs);
    }
  }
}
