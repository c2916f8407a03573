import { InvalidArgumentError } from 'commander';
import type { Labels, Objective } from '../../../alerts/index.js';
import { said, UNIT_SECONDS } from '../../option-values.js';

const PERCENT = /^(\d{1,3}(?:\.\d+)?)$/;

/** `99.9` is the promise that so many percent of the requests are not answered with 5xx. */
export function availability(value: string, before: unknown): Objective {
  return { target: share(value, before) };
}

/** `95:0.5` is the promise that 95 % of the requests are answered within half a second. */
export function latency(value: string, before: unknown): Objective {
  const [percent = '', seconds = '', ...rest] = value.split(':');
  const withinSeconds = Number(seconds);
  if (rest.length === 0 && /^\d+(?:\.\d+)?$/.test(seconds) && withinSeconds > 0) {
    return { target: share(percent, before), withinSeconds };
  }
  throw new InvalidArgumentError('It must be percent:seconds, such as 95:0.5.');
}

/** `job=service`, again and again. */
export function label(value: string, before: Labels | undefined): Labels {
  const [, name, text] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(value) ?? [];
  if (name !== undefined && text !== undefined) return { ...before, [name]: text };
  throw new InvalidArgumentError('It must be name=value, such as job=service.');
}

export function perSecond(value: string, before: unknown): number {
  const rate = Number(value);
  if (before === undefined && /^\d+(?:\.\d+)?$/.test(value) && rate <= 1000) return rate;
  throw new InvalidArgumentError('It must be a number from 0 to 1000, once.');
}

/** `26h`, in seconds; as BACKUP_RPO has it. */
export function age(value: string, before: unknown): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,6})([smhd])?$/.exec(said(value, before)) ?? [];
  if (amount !== undefined) return Number(amount) * (UNIT_SECONDS[unit] ?? 1);
  throw new InvalidArgumentError('It must be a time such as 26h, 90m or 1d.');
}

export function timeScale(value: string, before: unknown): number {
  const scale = Number(value);
  if (before === undefined && /^[\d.]+$/.test(value) && scale >= 0.001 && scale <= 1) return scale;
  throw new InvalidArgumentError('It must be a number from 0.001 to 1, once.');
}

function share(percent: string, before: unknown): number {
  if (before !== undefined) throw new InvalidArgumentError('It is given twice.');
  const target = Number((Number(percent) / 100).toPrecision(12));
  if (PERCENT.test(percent) && target > 0 && target < 1) return target;
  throw new InvalidArgumentError('It must be percent, above 0 and below 100, such as 99.9.');
}
