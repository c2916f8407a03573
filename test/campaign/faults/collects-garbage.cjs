/* global setInterval */
// For `node --expose-gc --require`: collects garbage every second from when its parent says so.
process.on('message', (message) => {
  if (message === 'collect garbage') setInterval(globalThis.gc, 1000).unref();
});
// Its parent is no reason to stay.
process.channel?.unref();
