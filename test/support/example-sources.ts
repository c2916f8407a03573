import { join } from 'node:path';
import type { ConfigProfile } from 'express-runbook';
import { REFERENCE_SERVER } from './reference-server.js';

interface Profile {
  readonly service: string;
  readonly settings: ConfigProfile;
}

const NAMES = ['builder', 'codebook', 'ordo', 'booky', 'beo'] as const;

export type ProfileName = (typeof NAMES)[number];

/** A source of the reference server by its path: it is a CommonJS package, which the settings of the tests' compiler do not fit. */
export async function fromExample(path: string): Promise<Record<string, unknown>> {
  return (await import(join(REFERENCE_SERVER, 'src', path))) as Record<string, unknown>;
}

const loaded = NAMES.map(async (name) => [name, (await fromExample(`profiles/${name}.ts`))[name]] as const);

// Each file has one export, of its own name.
export const PROFILES = Object.fromEntries(await Promise.all(loaded)) as Record<ProfileName, Profile>;
