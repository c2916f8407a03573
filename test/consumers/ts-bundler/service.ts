import express, { type Request, type Response } from 'express';
import { createOps, getContext, NotFoundError, type OpsOptions } from 'express-runbook';
import { createCache } from 'express-runbook/cache';
import { createServiceClient } from 'express-runbook/services';

export async function serve(options: Omit<OpsOptions, 'service'> = {}): Promise<void> {
  const app = express();
  const ops = createOps({ service: 'consumer', ...options });
  app.use(ops.before);
  app.get('/hello/:name', (req: Request<{ name: string }>, res: Response) => {
    res.json({ hello: req.params.name, requestId: getContext()?.requestId });
  });
  app.get('/missing', (req, res, next) => {
    next(new NotFoundError('Order'));
  });
  const { registry } = ops.metrics;
  const answers = createCache<string>({ name: 'answers', registry });
  const nobody = createServiceClient({ name: 'nobody', baseUrl: 'http://127.0.0.1:1', registry });
  app.get('/answer', async (req, res) => {
    res.send(await answers.cached('answer', () => nobody.call('/', { read: (answer) => answer.text() })));
  });
  app.use(ops.after);
  await ops.listen(app);
}
