import { fail, PASS, unless, type Check } from './check.js';
import type { Service } from '../service.js';

const REQUEST_ID = 'x-request-id';
const CORRELATION_ID = 'x-correlation-id';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const GIVEN_ID = '550e8400-e29b-41d4-a716-446655440000';
/** What a client must not be able to write into logs: too long, markup, a name of every object, a text that ends a line. */
const HOSTILE_IDS = ['x'.repeat(200), '<script>alert(1)</script>', '__proto__', 'a b', `'; DROP TABLE users; --`];

export const IDS: readonly Check[] = [
  {
    id: 'ids.generated',
    title: 'an answer has a request id and a correlation id, both made where the client gives none (COR-01, COR-02)',
    async run(service) {
      const [requestId, correlationId] = await idsOf(service, service.path);
      if (!UUID.test(requestId)) return fail(`X-Request-ID is ${shown(requestId)}, not a UUID`);
      return unless(correlationId === '' ? 'X-Correlation-ID is missing' : undefined);
    },
  },
  {
    id: 'ids.unique',
    title: 'two requests have two request ids (COR-01)',
    async run(service) {
      const [one] = await idsOf(service, service.path);
      const [other] = await idsOf(service, service.path);
      return unless(one === other ? `two requests got the X-Request-ID ${shown(one)}` : undefined);
    },
  },
  {
    id: 'ids.taken-over',
    title: 'ids of the client come back as they are, also correlation ids that are no UUIDs (COR-01, COR-02, COR-04)',
    async run(service) {
      const given = { [REQUEST_ID]: GIVEN_ID, [CORRELATION_ID]: 'my-trace-123' };
      const [requestId, correlationId] = await idsOf(service, service.path, given);
      if (requestId !== GIVEN_ID) return fail(`X-Request-ID ${GIVEN_ID} came back as ${shown(requestId)}`);
      return unless(
        correlationId === 'my-trace-123'
          ? undefined
          : `X-Correlation-ID my-trace-123 came back as ${shown(correlationId)}`,
      );
    },
  },
  {
    id: 'ids.one-given',
    title: 'a client that gives one of the two gets both (COR-09)',
    async run(service) {
      for (const given of [REQUEST_ID, CORRELATION_ID]) {
        const ids = await idsOf(service, service.path, { [given]: GIVEN_ID });
        if (ids.includes('')) return fail(`with ${given} alone, one of the ids is missing`);
      }
      return PASS;
    },
  },
  {
    id: 'ids.sanitised',
    title: 'ids that could harm a log are replaced (COR-05)',
    async run(service) {
      for (const hostile of HOSTILE_IDS) {
        const ids = await idsOf(service, service.path, { [REQUEST_ID]: hostile, [CORRELATION_ID]: hostile });
        if (ids.includes(hostile)) return fail(`${shown(hostile)} came back`);
        if (ids.includes('')) return fail(`${shown(hostile)} left the answer without an id`);
      }
      return PASS;
    },
  },
  {
    id: 'ids.everywhere',
    title: 'every answer has both: not found, refused, health (COR-03)',
    async run(service) {
      for (const target of ['/conformance-unknown', '/%E0%A4%A', '/health', '/health/ready']) {
        const ids = await idsOf(service, target);
        if (ids.includes(''))
          return fail(`GET ${target} is answered without ${ids[0] === '' ? REQUEST_ID : CORRELATION_ID}`);
      }
      return PASS;
    },
  },
];

async function idsOf(
  service: Service,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<[requestId: string, correlationId: string]> {
  const { header } = await service.ask(target, { headers });
  return [header(REQUEST_ID), header(CORRELATION_ID)];
}

function shown(id: string): string {
  return id === '' ? 'missing' : JSON.stringify(id.slice(0, 60));
}
