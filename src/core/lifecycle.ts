/** `starting`: not yet listening; `ready`: serving; `draining`: told to stop, still serving; `stopped`: no longer listening. */
export type LifecycleState = 'starting' | 'ready' | 'draining' | 'stopped';
