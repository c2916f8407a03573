const express = require('express');
const { createOps, getContext, NotFoundError } = require('express-runbook');

module.exports = { serve };

async function serve(options) {
  const app = express();
  const ops = createOps({ service: 'consumer', ...options });
  app.use(ops.before);
  app.get('/hello/:name', (req, res) => {
    res.json({ hello: req.params.name, requestId: getContext()?.requestId });
  });
  app.get('/missing', (req, res, next) => next(new NotFoundError('Order')));
  app.use(ops.after);
  await ops.listen(app);
}
