import type { AlertPreset } from '../preset.js';
import { BEO } from './beo.js';
import { BOOKY } from './booky.js';
import { BUILDER, BUILDER_INLINE } from './builder.js';
import { CODEBOOK } from './codebook.js';
import { ORDO, ORDO_INLINE } from './ordo.js';

/** The tables of five operations guides, by name; two of them say other numbers in their chapters, which are presets of their own. */
export const ALERT_PRESETS = Object.freeze({
  builder: BUILDER,
  builderInline: BUILDER_INLINE,
  codebook: CODEBOOK,
  ordo: ORDO,
  ordoInline: ORDO_INLINE,
  booky: BOOKY,
  beo: BEO,
}) satisfies Readonly<Record<string, AlertPreset>>;

export type AlertPresetName = keyof typeof ALERT_PRESETS;
