import { pageSchema } from '../pagination.js';
import { z } from '../zod.js';
import { isShallow } from './is-shallow.js';

/** Deeper ones are nobody's data, and neither JSON.stringify() nor PostgreSQL takes any depth. */
const MAX_DEPTH = 100;

const priority = z.enum(['low', 'normal', 'high', 'urgent']);
const status = z.enum(['pending', 'completed', 'failed']);

export const newEventSchema = z
  .object({
    type: z
      .string()
      .max(100)
      .regex(
        /^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$/,
        'must be small words with points between them, such as user.registered',
      ),
    payload: z
      .record(z.string(), z.unknown())
      .refine((payload) => isShallow(payload, MAX_DEPTH), `must not be nested deeper than ${String(MAX_DEPTH)} levels`)
      .default({}),
    priority: priority.default('normal'),
  })
  .openapi('NewEvent', {
    example: { type: 'user.registered', payload: { name: 'Ada' }, priority: 'high' },
  });

export const eventPageSchema = pageSchema.extend({ status: status.optional() });

export const eventSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    payload: z.record(z.string(), z.unknown()),
    priority,
    status,
    createdAt: z.iso.datetime(),
  })
  .openapi('Event');

/** With what the workflows of its type wrote. */
export const eventDetailSchema = eventSchema
  .extend({ outputs: z.array(z.object({ workflow: z.string(), text: z.string() })) })
  .openapi('EventDetail');

export type NewEvent = z.output<typeof newEventSchema>;
export type EventPage = z.output<typeof eventPageSchema>;
