import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import express from 'express';
import { ConflictError, NotFoundError, type Logger } from 'express-runbook';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../repo/source-files.js';
import { recordingLogger } from '../support/recording-logger.js';
import { blocks, changed, PAGE } from './adopting/page.js';

const STEPS = ['ids', 'errors', 'health', 'metrics', 'pool', 'doors', 'shutdown'];
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const all = blocks();

describe('the page about adopting', () => {
  it('shows code that is run here, and no other', () => {
    const shown = all.filter(({ language }) => language === 'js');
    expect(shown.map(({ path }) => path)).toEqual(
      ['before.js', 'old-shape.js', 'ops.js', 'express-4.cjs'].map((name) => `test/guides/adopting/${name}`),
    );
    for (const { code, path } of shown) expect(code).toBe(read(path ?? ''));
  });

  it('leads from each step to the next by the changes that it shows', () => {
    const changes = all.filter(({ language }) => language === 'diff');
    expect(changes.map(({ path }) => path)).toEqual(STEPS.map((name) => `test/guides/adopting/${name}.js`));
    let code = read('test/guides/adopting/before.js');
    for (const { code: diff, path } of changes) {
      code = changed(code, diff);
      expect(code).toBe(read(path ?? ''));
    }
  });

  it('has a section for each step of its table, and what each command prints', () => {
    const text = read(PAGE);
    const headings = [...text.matchAll(/^## (\d)\. (.*)$/gm)].map(([, number = '', title = '']) =>
      `${number}-${title}`
        .toLowerCase()
        .replaceAll(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const linked = [...text.matchAll(/^\| \[\d\]\(#(.*?)\)/gm)].map(([, anchor]) => anchor);
    expect(linked).toHaveLength(8);
    expect(headings).toEqual(linked);
    for (const [index, { language, at }] of all.entries()) {
      if (language === 'bash') expect([at, all[index + 1]?.language]).toEqual([at, 'text']);
    }
  });
});

interface OldShape {
  oldShape(parts: { logger: Logger }): express.ErrorRequestHandler;
}

describe('answers in the shape that a service had before', () => {
  it('keep the new statuses, and say nothing of the inside', async () => {
    const logger = recordingLogger();
    const app = express();
    app.get('/missing', (_req, _res, next) => next(new NotFoundError('Order')));
    app.get('/taken', (_req, _res, next) => next(new ConflictError('Taken')));
    app.get('/broken', (_req, _res, next) => next(new Error('pw=x')));
    // JavaScript, as the page has it.
    const module = (await import(join(ROOT, 'test/guides/adopting/old-shape.js'))) as OldShape;
    app.use(module.oldShape({ logger }));
    await request(app).get('/missing').expect(404, { error: 'Order not found' });
    await request(app).get('/taken').expect(409, { error: 'Taken' });
    await request(app)
      .get('/broken')
      .expect(500, { error: 'Internal server error' })
      .expect('Cache-Control', 'no-store');
    expect(logger.lines).toHaveLength(1);
  });
});
