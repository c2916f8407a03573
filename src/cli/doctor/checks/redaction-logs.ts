import { join, resolve } from 'node:path';
import { createSecretFinder, secretValues } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, skip } from '../finding.js';
import { tailOf } from '../repository/tail-of.js';

const CURE =
  'express-runbook redact-check on the file says where; SENSITIVE_FIELDS takes further names; change what has leaked';

export const redactionLogs = check({
  id: 'redaction.logs',
  title: 'secrets in the newest lines of the log files',
  needs: ['repository', 'settings'],
  async run({ repository, settings }) {
    const { dir, appFile, sensitiveFields } = settings.log;
    if (dir === undefined) return skip('LOG_DIR is not set: lines go to standard output');
    const finder = createSecretFinder({ sensitiveFields });
    finder.registerSecrets(secretValues(settings));
    const files = [appFile, 'error.log', 'access.log'];
    const texts = await Promise.all(files.map((file) => tailOf(resolve(repository.dir, join(dir, file)))));
    const lines = texts.flatMap((text, at) =>
      (text ?? '').split('\n').map((line) => ({ file: files[at] ?? '', line })),
    );
    if (texts.every((text) => text === undefined)) return skip(`there are no log files in ${dir}`);
    const found = new Map<string, number>();
    for (const { file, line } of lines) {
      for (const kind of finder.kindsIn(line)) {
        const key = `${join(dir, file)}: ${kind}`;
        found.set(key, (found.get(key) ?? 0) + 1);
      }
    }
    if (found.size === 0) return ok('none in the newest lines');
    return [...found].map(([what, count]) => fail(`${what} in ${count} of the newest lines`, CURE));
  },
});
