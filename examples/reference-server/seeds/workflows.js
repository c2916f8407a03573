// What some events set off, so that processing one has something to show. Run twice, it leaves the same rows.
const WORKFLOWS = [
  { name: 'greet a new user', eventType: 'user.registered', template: 'welcome', body: 'Welcome, {{name}}!' },
  {
    name: 'confirm an order',
    eventType: 'order.created',
    template: 'order confirmation',
    body: 'Dear {{customer.name}}, we have your order {{order}}.',
  },
];

module.exports = async function seedWorkflows({ client }) {
  for (const { name, eventType, template, body } of WORKFLOWS) {
    await client.query('INSERT INTO templates (name, body) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING', [
      template,
      body,
    ]);
    await client.query(
      `INSERT INTO workflows (name, event_type, template_id) SELECT $1, $2, id FROM templates WHERE name = $3
       ON CONFLICT (name) DO NOTHING`,
      [name, eventType, template],
    );
  }
};
