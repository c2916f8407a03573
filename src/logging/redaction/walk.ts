import type { Copier } from './copier.js';
import { errorRecord } from './error-record.js';
import { isError } from './is-error.js';
import { LIMITS } from './limits.js';
import type { Rules } from './rules.js';
import { isNamedValue, isNameOfNext } from './named-values.js';
import { plainFields } from './plain-fields.js';
import { masked, REDACTED } from './text/masked.js';
import { stoodFor } from './stand-in.js';

const UNREADABLE = '[unreadable]';

/**
 * Copies what a caller handed in into plain data that JSON can hold, without secrets and within `LIMITS`. One walk is
 * one line: its parts share the limits. Never throws and never writes to what it reads.
 */
export class Walk implements Copier {
  private objectsLeft: number = LIMITS.objectsPerLine;
  private charactersLeft: number = LIMITS.charactersPerLine;
  private readonly ancestors: object[] = [];
  private causesLeft: number = LIMITS.causes;

  constructor(readonly rules: Rules) {}

  field(key: string, value: unknown): unknown {
    return this.rules.isSensitive(key, value) ? masked(value) : this.value(value);
  }

  /** Like `value`, the short way when nothing about the object is unusual. Parts of what it gives back are the caller's. */
  whole(source: object): unknown {
    return plainFields(source, this.rules) ?? this.value(source);
  }

  value(value: unknown): unknown {
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        if (!Number.isFinite(value)) return null;
        return this.rules.isSecretNumber(value) ? REDACTED : value;
      case 'bigint':
        return this.text(value.toString());
      case 'symbol':
        return this.text(value.toString());
      case 'function':
        return '[Function]';
      case 'object':
        return value === null ? null : this.object(value);
      default:
        return value;
    }
  }

  text(text: string): string {
    // Twice the limit is looked at, so that a secret cut in two by the limit is still known as one.
    const seen = text.length > 2 * LIMITS.textLength ? text.slice(0, 2 * LIMITS.textLength) : text;
    const clean = this.rules.scrub(seen);
    const limit = Math.min(LIMITS.textLength, Math.max(0, this.charactersLeft));
    this.charactersLeft -= Math.min(clean.length, limit);
    if (clean.length <= limit && seen.length === text.length) return clean;
    return `${clean.slice(0, limit)}...[truncated, ${text.length} characters]`;
  }

  /** Own enumerable fields of an object, those that cannot be read included. */
  fields(source: object, skip?: ReadonlySet<string>): Record<string, unknown> {
    const copy: Record<string, unknown> = {};
    const keys = Object.keys(source);
    let taken = 0;
    for (const key of keys) {
      if (taken >= LIMITS.keysPerObject || this.charactersLeft <= 0) {
        copy['[truncated]'] = `${keys.length - taken} more keys`;
        break;
      }
      taken++;
      if (skip?.has(key)) continue;
      this.put(copy, this.rules.shownKey(key), this.property(source, key));
    }
    return copy;
  }

  cause(cause: unknown): unknown {
    if (this.causesLeft <= 0) return '[more causes]';
    this.causesLeft--;
    try {
      return this.value(cause);
    } finally {
      this.causesLeft++;
    }
  }

  list(items: readonly unknown[], limit: number = LIMITS.itemsPerArray): unknown[] {
    const copy: unknown[] = [];
    for (const [index, item] of items.entries()) {
      if (copy.length >= limit || this.charactersLeft <= 0) {
        copy.push(`[truncated, ${items.length - copy.length} more items]`);
        break;
      }
      this.charactersLeft -= 4;
      const isSecret = typeof item === 'string' && index > 0 && isNameOfNext(items, index - 1, this.rules);
      copy.push(isSecret ? REDACTED : (this.value(item) ?? null));
    }
    return copy;
  }

  private property(source: object, key: string): unknown {
    try {
      // Any object has string keys; what is there may be anything.
      const fields = source as Record<string, unknown>;
      if (key === 'value' && isNamedValue(fields, this.rules)) return masked(fields.value);
      return this.field(key, fields[key]);
    } catch {
      return UNREADABLE;
    }
  }

  private put(copy: Record<string, unknown>, key: string, value: unknown): void {
    const name = key.length > LIMITS.keyLength ? `${key.slice(0, LIMITS.keyLength)}...` : key;
    this.charactersLeft -= name.length + 4;
    // Assigning to `__proto__` would set the prototype instead of a field.
    if (name === '__proto__') Object.defineProperty(copy, name, { value, enumerable: true, writable: true });
    else copy[name] = value;
  }

  private object(value: object): unknown {
    if (this.ancestors.includes(value)) return '[Circular]';
    if (this.ancestors.length >= LIMITS.depth) return '[too deep]';
    if (this.objectsLeft <= 0) return '[truncated]';
    this.objectsLeft--;
    this.ancestors.push(value);
    try {
      return this.copy(value);
    } catch {
      return UNREADABLE;
    } finally {
      this.ancestors.pop();
    }
  }

  private copy(value: object): unknown {
    // Most of what is logged is plain; asking it what else it could be costs more than copying it.
    if (Object.getPrototypeOf(value) === Object.prototype && !('toJSON' in value)) return this.fields(value);
    if (Array.isArray(value)) return this.list(value);
    if (isError(value)) return errorRecord(this, value);
    const standIn = stoodFor(value);
    if (standIn === undefined || standIn.value === value) return this.fields(value);
    return this.value(standIn.value);
  }
}
