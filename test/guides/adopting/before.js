import express from 'express';
import pg from 'pg';

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });

const app = express();
app.use(express.json());

app.get('/health', (req, res) => {
  res.json({ status: 'UP' });
});

app.get('/orders/:id', async (req, res) => {
  const { rows } = await pool.query('SELECT id, item, amount FROM orders WHERE id = $1', [req.params.id]);
  if (rows.length === 0) {
    res.status(404).json({ error: 'no such order' });
    return;
  }
  res.json(rows[0]);
});

app.post('/orders', async (req, res) => {
  const { item, amount } = req.body;
  const { rows } = await pool.query('INSERT INTO orders (item, amount) VALUES ($1, $2) RETURNING *', [item, amount]);
  console.log('order placed', rows[0].id);
  res.status(201).json(rows[0]);
});

app.use((err, req, res, next) => {
  console.error(err);
  if (res.headersSent) next(err);
  else res.status(500).json({ error: err.message });
});

const port = process.env.PORT ?? 3000;
app.listen(port, () => {
  console.log(`listening on ${port}`);
});
