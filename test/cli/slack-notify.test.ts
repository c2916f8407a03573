import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { slackNotify } from '../../src/cli/slack/slack-notify.js';
import { answering, fakeReceiver, type Behaviour, type FakeReceiver } from '../alerts/receiver.js';
import { ROOT } from '../repo/source-files.js';

const folder = mkdtempSync(join(tmpdir(), 'slack-notify-'));
const cwd = process.cwd();
const receivers: FakeReceiver[] = [];

/** Where no `.env` of anybody is found. */
beforeAll(() => process.chdir(folder));

afterEach(() => Promise.all(receivers.splice(0).map((one) => one.close())));

afterAll(() => {
  process.chdir(cwd);
  rmSync(folder, { recursive: true });
});

async function slack(behave?: Behaviour): Promise<{ receiver: FakeReceiver; env: Record<string, string> }> {
  const receiver = await fakeReceiver(behave);
  receivers.push(receiver);
  return { receiver, env: { SLACK_WEBHOOK_URL: `${receiver.url}/services/K3Y`, ALERTS_ALLOW_NETWORKS: '127.0.0.1' } };
}

/** One call in this process; `input` is what a pipe brings, without it somebody sits there. */
async function notify(args: readonly string[], env: Record<string, string> = {}, input?: string) {
  const written = { stdout: '', stderr: '' };
  const exitCode = await slackNotify(args, {
    input: Readable.from(input === undefined ? [] : [input]),
    print: (text) => Promise.resolve(void (written.stdout += text)),
    complain: (text) => void (written.stderr += text),
    exitCode: 0,
    env,
    program: [],
    isInteractive: input === undefined,
  });
  return { exitCode, ...written };
}

describe('slack-notify', () => {
  it('posts its argument, and what a pipe brings, as the runbook calls it (CLI-12)', async () => {
    const { receiver, env } = await slack();
    const PATH = `${folder}:${process.env.PATH ?? ''}`;
    const program = join(ROOT, 'dist/slack-notify.js');
    writeFileSync(join(folder, 'slack-notify'), `#!/bin/sh\nexec ${process.execPath} ${program} "$@"\n`, {
      mode: 0o755,
    });
    const lines = [
      'slack-notify "#ops" "URGENT: Booky API is down. Investigating."',
      'echo "Rollback completed successfully at $(date)" | slack-notify "#ops"',
    ];
    const child = spawn('sh', ['-ec', lines.join('\n')], {
      env: { ...env, PATH },
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (output += text.toString()));
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect([output, exitCode]).toEqual(['', 0]);
    expect(receiver.bodies()).toEqual([
      { text: 'URGENT: Booky API is down. Investigating.', mrkdwn: false, channel: '#ops' },
      { text: expect.stringMatching(/^Rollback completed successfully at .*\d$/), mrkdwn: false, channel: '#ops' },
    ]);
    expect(receiver.received[0]?.path).toBe('/services/K3Y');
  });

  it('prints and exits 0 where there is no webhook (CLI-12)', async () => {
    expect(await notify(['#ops', 'all', 'is', 'lost'])).toEqual({
      exitCode: 0,
      stdout: '#ops: all is lost\n',
      stderr: 'SLACK_WEBHOOK_URL is not set: the message is printed, and posted nowhere\n',
    });
  });

  it('reads the webhook from .env, and does not care what else is wrong with the environment', async () => {
    const { receiver, env } = await slack();
    const bad = { PORT: 'none', NODE_ENV: 'production', DB_SYNCHRONIZE: 'true' };
    expect(await notify(['#ops', 'one'], { ...bad, ...env })).toMatchObject({ exitCode: 0 });
    const lines = Object.entries(env).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(folder, '.env'), lines.join(''));
    expect(await notify(['#ops', 'two'], bad)).toMatchObject({ exitCode: 0, stdout: '' });
    rmSync(join(folder, '.env'));
    expect(receiver.bodies().map(({ text }) => text as string)).toEqual(['one', 'two']);
  });

  it('masks what must not get into a chat, and mentions nobody', async () => {
    const { receiver, env } = await slack();
    await notify(['#ops'], env, 'cannot reach postgres://app:hunter2@db/orders <!channel>\n');
    const text = receiver.bodies()[0].text as string;
    expect(text).toContain('&lt;!channel&gt;');
    expect(text).not.toContain('hunter2');
  });

  it('comes again when Slack is busy, and exits 1 when it does not take the message, without the webhook', async () => {
    const busy = await slack((res, number) => res.writeHead(number === 1 ? 429 : 200, { 'Retry-After': '0' }).end());
    expect((await notify(['#ops', 'x'], busy.env)).exitCode).toBe(0);
    expect(busy.receiver.received).toHaveLength(2);
    const gone = await slack(answering(404, {}, 'no_service'));
    expect(await notify(['#ops', 'x'], gone.env)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'error: not posted: Slack answered 404 (no_service)\n',
    });
  });

  it.each<[string, string[], Record<string, string>, string | undefined, RegExp]>([
    ['no channel', [], {}, undefined, /Usage: slack-notify <channel>/],
    ['an option', ['--force'], {}, undefined, /Usage:/],
    ['nothing to say, and somebody sits there', ['#ops'], {}, undefined, /say a message, or send one by a pipe/],
    ['an empty message', ['#ops'], {}, ' \n', /there is no message/],
    ['a file for a message', ['#ops'], {}, 'x'.repeat(65_537), /longer than 65536 bytes/],
    [
      'a webhook inside',
      ['#ops', 'x'],
      { SLACK_WEBHOOK_URL: 'https://10.0.0.1/K3Y' },
      undefined,
      /^error: SLACK_WEBHOOK_URL must not lead/,
    ],
    ['a webhook that is none', ['#ops', 'x'], { SLACK_WEBHOOK_URL: 'K3Y' }, undefined, /SLACK_WEBHOOK_URL/],
  ])('exits 2 for %s', async (_what, args, env, input, message) => {
    const { exitCode, stderr } = await notify(args, env, input);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(stderr).not.toContain('K3Y');
  });

  it('says how it is called', async () => {
    expect(await notify(['--help'])).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Exit codes: 0 posted'),
    });
  });
});
