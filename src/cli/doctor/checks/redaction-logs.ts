import { open } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createSecretFinder, secretValues } from '../../../index.js';
import { check } from '../doctor-check.js';
import { fail, ok, skip } from '../finding.js';

/** The end of a file tells how it is written now. */
const TAIL_BYTES = 512 * 1024;
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

async function tailOf(path: string): Promise<string | undefined> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const length = Math.min(size, TAIL_BYTES);
      const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES') return undefined;
    throw error;
  }
}
