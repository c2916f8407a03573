const express = require('express');
const { createOps, NotFoundError } = require('express-runbook');

const ops = createOps({ service: 'orders' });
const orders = new Map([['1', { id: 1, item: 'bolt', amount: 3 }]]);

// Express 4 knows of no promises: without this a handler that rejects ends the process.
const caught = (handle) => (req, res, next) => {
  handle(req, res).catch(next);
};

const app = express();
app.set('trust proxy', ops.config.trustProxy);
app.use(ops.before);
app.use(express.json());
app.get(
  '/orders/:id',
  caught(async (req, res) => {
    const order = orders.get(req.params.id);
    if (order === undefined) throw new NotFoundError('Order');
    res.json(order);
  }),
);
app.use(ops.after);
ops.listen(app);
