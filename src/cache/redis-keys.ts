/** Sorted set of the keys that have the tag. */
export function tagGroup(tag: string): string {
  return `tag:${tag}`;
}

/** Sorted set of all keys of the cache with this name. */
export function cacheGroup(name: string): string {
  return `cache-keys:${name}`;
}

export function groupsOf(name: string, tags: readonly string[]): string[] {
  return [cacheGroup(name), ...tags.map(tagGroup)];
}

/** Counter of how often the key, or all of the group, was thrown away lately. */
export function changeOf(keyOrGroup: string): string {
  return `changed:${keyOrGroup}`;
}

export function changesOf(key: string, name: string, tags: readonly string[]): string[] {
  return [changeOf(key), ...groupsOf(name, tags).map(changeOf)];
}
