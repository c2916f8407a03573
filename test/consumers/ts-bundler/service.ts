import express, { type Request, type Response } from 'express';
import { createOps, getContext, NotFoundError, type OpsOptions } from 'express-runbook';

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
  app.use(ops.after);
  await ops.listen(app);
}
