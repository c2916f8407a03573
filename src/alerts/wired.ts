import { randomUUID } from 'node:crypto';
import { createAlertMetrics, type AlertMetrics } from './alert-metrics.js';
import { createDelivery, type Delivery } from './delivery/delivery.js';
import { eventOf } from './event-of.js';
import { oneByOne } from './one-by-one.js';
import type { AlertsSettings } from './options.js';
import { isSilenced } from './silences/silence.js';
import { createBoard, type Board } from './states/board.js';
import { createRounds, type Reported, type Rounds } from './states/rounds.js';
import { createTeller, type Teller } from './teller.js';
import { tooMany } from './too-many.js';

/** What carries a report to people. */
export interface WiredAlerts {
  readonly board: Board;
  readonly delivery: Delivery;
  readonly teller: Teller;
  readonly metrics: AlertMetrics;
  /** One more that is sent and not told. */
  readonly onTooMany: (name: string) => void;
  /** Reports, and has told what is to be told. */
  readonly report: (reports: ReadonlyMap<string, Reported>, isWhole: boolean) => Promise<void>;
  /** What reads the board and writes it must not come in between. */
  readonly inTurn: <Result>(work: () => Promise<Result>) => Promise<Result>;
}

/** An instance that has not told by then has died, or its network has; then another one tells. */
const TELLING_MS = 60_000;
/** Different ones that are sent and remembered: more belong to a mistake, such as an id in a name. */
const MAX_SENT = 1000;
const STORE_TIMEOUT_MS = 2000;
const QUEUE = { maxQueued: 100, maxRetryDelayMs: 30_000 } as const;

export function wiredAlerts(settings: AlertsSettings): WiredAlerts {
  const { service, logger, registry, store, now, maxMessagesPerMinute: maxPerMinute } = settings;
  const inTurn = oneByOne();
  const board = createBoard({ service, shared: store?.shared, timeoutMs: STORE_TIMEOUT_MS, logger, now });
  const metrics = createAlertMetrics(registry, board, now);
  const append: Parameters<typeof createDelivery>[0]['append'] =
    store === undefined ? undefined : (event) => store.append(event);
  const delivery = createDelivery({ ...settings, ...QUEUE, registry, append });
  const teller: Teller = createTeller({
    ...{ delivery, maxPerMinute, now },
    event: (telling) => eventOf(telling, settings),
    confirm: ({ key, message }) => inTurn(() => rounds.confirm(key, message)),
    onError: (error) => logger.error({ error }, 'An alert could not be sent'),
  });
  const onTooMany = tooMany(settings, metrics);
  const rounds = roundsOf(settings, { board, teller, metrics, onTooMany });
  return {
    ...{ board, delivery, teller, metrics, inTurn, onTooMany },
    report: (reports, isWhole) =>
      inTurn(async () => {
        for (const telling of await rounds.run(reports, isWhole)) teller.tell(telling);
      }),
  };
}

type RoundsParts = Pick<WiredAlerts, 'board' | 'teller' | 'metrics' | 'onTooMany'>;

function roundsOf({ logger, repeatMs }: AlertsSettings, { board, teller, metrics, onTooMany }: RoundsParts): Rounds {
  return createRounds({
    ...{ board, instance: randomUUID(), repeatMs, tellingMs: TELLING_MS, maxSent: MAX_SENT },
    mayTell: teller.mayTell,
    isSending: teller.isSending,
    isSilenced: ({ name, resource, latest }, { now, silences }) =>
      isSilenced(silences, { name, resource, severity: latest.severity }, now),
    onHeldBack({ name, resource, status, latest }, why) {
      metrics.heldBack(why);
      logger.info({ alert: name, resource, status, severity: latest.severity, reason: why }, 'Alert is not sent');
    },
    onTooMany,
  });
}
