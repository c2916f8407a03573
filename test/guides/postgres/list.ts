import { findPage, type Page } from 'express-runbook/postgres';
import { pool } from './pool.js';

interface Order {
  id: number;
  total: number;
}

/** `limit` and `cursor` may come from the request as they are: what cannot be is a 400. */
export function listOrders(limit?: number, cursor?: string): Promise<Page<Order>> {
  return findPage<Order>(pool, {
    text: 'SELECT id, total FROM orders',
    orderBy: ['id'],
    limit,
    cursor,
  });
}
