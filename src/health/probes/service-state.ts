import type { LifecycleState } from '../../core/lifecycle.js';
import type { HealthSettings } from '../options.js';
import { HEALTH_STATUS_CODES } from '../status-codes.js';

/** Where the service is in its life. What cannot be read counts as `starting`: nobody sends it traffic, nobody restarts it. */
export function serviceState({ state, logger }: HealthSettings): () => LifecycleState {
  return () => {
    try {
      const said = state();
      if (Object.hasOwn(HEALTH_STATUS_CODES, said)) return said;
      logger.error({ state: said }, 'The state given to the health router is none that it knows');
    } catch (error) {
      logger.error({ err: error }, 'The state given to the health router could not be read');
    }
    return 'starting';
  };
}
