import { isListOf, isOneOf, isText } from '../../core/checks.js';
import { isNetwork } from '../../core/networks.js';
import { SEVERITIES } from '../thresholds/index.js';

/** The checks of what every channel takes that posts somewhere. The address itself is looked at by `receiverOf`. */
export const RECEIVER_CHECKS = {
  name: isText,
  severities: isListOf(isOneOf(SEVERITIES)),
  url: isText,
  allowNetworks: isListOf(isNetwork),
} as const;

export const JSON_HEADERS = Object.freeze({ 'Content-Type': 'application/json' });
