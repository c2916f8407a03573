import { describe, expect, it } from 'vitest';
import { createRedactor, createSecretFinder } from 'express-runbook';
import { cpuMs } from './cpu-time.js';

/** Beginnings of everything that is looked for, over and over, never ending as the patterns hope. */
const HOSTILE = [
  ...['Bearer ', 'Bearer:', 'Basic ', 'eyJ', 'eyJa.', 'ck_live_', 'sk-', 'SG.a', 'AKIA', 'xoxb-', 'hooks.slack.com/'],
  ...[
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN A',
    'password',
    'password=',
    'password="',
    'a=b&',
    'a-',
  ],
  ...['"password":"\\"', '\\"', '\\', '[', 'a[', 'a%', '%25', '%2', '%3D', '/?a=%3D', '?token=', '?token="', '&key=,'],
  ...['x://', 'https://', 'https://a:', 'https://a:b#', 'https://a:1,', 'mongodb://a:1,', 'a:b@', 'http://a@', '@'],
  ...['cookie: ', 'authorization="', 'set-cookie:\\"', '=', ':', '= ', ': ', '=>', '==', ' = ', "'", "='", '{', '=['],
  ...['4111 ', '4111-', '4111', '1', '4', '1234 5678 ', 'Key (', 'Key (a)=(', 'Key (a)=(b', 'row contains (', "$1 = '"],
  ...[
    "$1 = ''",
    'invalid input syntax for ',
    'out of range',
    'params: ',
    '\nparams: ',
    "Duplicate entry '",
    '<a>',
    '</',
  ],
  ...[
    '<a ',
    '<a b',
    '<password>',
    '<password',
    'name="a"',
    'name="a"\r\n',
    'form-data name="',
    ' --a ',
    '--',
    ' --a "',
  ],
  ...[
    "PASSWORD '",
    "PASSWORD ''",
    'IDENTIFIED BY ',
    '"',
    '" is not valid JSON',
    'Unexpected "',
    'YWFh',
    'cGFzc3dvcmQ9',
    '_',
  ],
];

describe('redaction takes no time that a client can set', () => {
  it.each(HOSTILE)('grows no faster than the text that is made of %j', (part) => {
    const finder = createSecretFinder();
    finder.registerSecrets(['q7Fz0pLwQ', 'password-of-mine=1']);
    const text = part.repeat(Math.ceil(100_000 / part.length));
    const timeOf = (length: number): number => cpuMs(() => finder.kindsIn(text.slice(0, length)));
    timeOf(25_000);
    const short = Math.min(timeOf(25_000), timeOf(25_000));
    const long = Math.min(timeOf(100_000), timeOf(100_000));
    // Four times as long; the floor is for what is too fast to be measured.
    expect(long).toBeLessThan(Math.max(short, 5) * 10);
    expect(cpuMs(() => createRedactor().text(text))).toBeLessThan(500);
  });
});
