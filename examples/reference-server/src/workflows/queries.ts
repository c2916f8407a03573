import type { Pool, PoolClient } from 'pg';

export interface Template {
  readonly id: string;
  readonly name: string;
  readonly body: string;
  readonly createdAt: Date;
}

export interface Workflow {
  readonly id: string;
  readonly name: string;
  readonly eventType: string;
  readonly templateId: string;
  readonly isActive: boolean;
  readonly createdAt: Date;
}

/** Whoever runs the service writes them by hand: there are dozens. */
const MOST = 1000;

export interface Catalogue<Row> {
  getAll(): Promise<Row[]>;
}

export function createTemplates(pool: Pool): Catalogue<Template> {
  return {
    async getAll() {
      const text = `SELECT id, name, body, created_at AS "createdAt" FROM templates ORDER BY id LIMIT $1`;
      return (await pool.query<Template>(text, [MOST])).rows;
    },
  };
}

export function createWorkflows(pool: Pool): Catalogue<Workflow> {
  return {
    async getAll() {
      const text = `SELECT id, name, event_type AS "eventType", template_id AS "templateId", is_active AS "isActive",
        created_at AS "createdAt" FROM workflows ORDER BY id LIMIT $1`;
      return (await pool.query<Workflow>(text, [MOST])).rows;
    },
  };
}

/** What an event of this type sets off. */
export async function workflowsFor(client: PoolClient, eventType: string): Promise<{ id: string; body: string }[]> {
  const { rows } = await client.query<{ id: string; body: string }>(
    `SELECT workflows.id, templates.body FROM workflows JOIN templates ON templates.id = workflows.template_id
     WHERE workflows.event_type = $1 AND workflows.is_active ORDER BY workflows.id LIMIT $2`,
    [eventType, MOST],
  );
  return rows;
}
