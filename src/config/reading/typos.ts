import { editDistance, nearest } from '../../core/nearest.js';
import type { EnvironmentProblem } from '../environment-error.js';
import { KNOWN_NAMES, RANK, type Source } from './sources.js';

/** Names in an environment that were most likely meant for us. Others have variables there too, so this only warns. */
export function typoWarnings(sources: readonly Source[]): string[] {
  const names = sources.filter(({ rank }) => rank === RANK.environment).flatMap(({ values }) => Object.keys(values));
  return [...new Set(names)].flatMap((name) => {
    if (KNOWN_NAMES.includes(name)) return [];
    const meant = meantBy(name);
    if (meant !== undefined) return [`${name} is not a known variable: did you mean ${meant}?`];
    return name.startsWith('OPS_') ? [`${name} is not a known variable`] : [];
  });
}

/** A profile or option is written for us alone: a name that does not exist is a mistake. */
export function unknownNames(sources: readonly Source[]): EnvironmentProblem[] {
  return sources
    .filter(({ rank }) => rank !== RANK.environment)
    .flatMap(({ values, place }) =>
      Object.keys(values)
        .filter((name) => !KNOWN_NAMES.includes(name))
        .map((name) => ({ variable: name, problem: `is not a known variable (${place})${cure(name)}` })),
    );
}

function cure(name: string): string {
  const guess = nearest(name, KNOWN_NAMES);
  return guess === undefined ? '' : `; did you mean ${guess}?`;
}

/** One letter off, or two in a longer name: HOME is not HOST. */
function meantBy(name: string): string | undefined {
  const guess = nearest(name, KNOWN_NAMES);
  if (guess === undefined || name.length < 6) return undefined;
  const distance = editDistance(name.toLowerCase(), guess.toLowerCase());
  return distance <= (name.length < 8 ? 1 : 2) ? guess : undefined;
}
