const { hashPassword } = require('../dist/passwords.js');

// Run twice, it leaves the same rows. The runbooks' curl lines log in as test@example.com and ask for user 123.
const USERS = [
  { id: 1, email: 'test@example.com', name: 'Test User', password: 'test123' },
  { id: 123, email: 'ada@example.com', name: 'Ada Lovelace', password: 'test123' },
];

module.exports = async function seedUsers({ client }) {
  const existing = await client.query('SELECT email FROM users WHERE email = ANY($1)', [
    USERS.map((user) => user.email),
  ]);
  const known = new Set(existing.rows.map((row) => row.email));
  for (const user of USERS.filter((one) => !known.has(one.email))) {
    await client.query(
      'INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, $3, $4) ON CONFLICT (email) DO NOTHING',
      [user.id, user.email, user.name, await hashPassword(user.password)],
    );
  }
  // Ids given by hand do not move the sequence.
  await client.query(
    `SELECT setval(pg_get_serial_sequence('users', 'id'), GREATEST((SELECT max(id) FROM users), 1000))`,
  );
};
