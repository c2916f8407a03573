// A few projects of the first user, so that lists and pages have something to show.
module.exports = async function seedProjects({ client }) {
  const { rows } = await client.query(`SELECT count(*)::int AS count FROM projects WHERE user_id = 1`);
  if (rows[0].count > 0) return;
  await client.query(
    `INSERT INTO projects (user_id, name, description, status)
     SELECT 1, 'Project ' || n, 'Seeded project number ' || n, (ARRAY['active', 'on_hold', 'completed'])[1 + n % 3]
     FROM generate_series(1, 12) AS n`,
  );
};
