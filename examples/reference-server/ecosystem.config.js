// `pm2 start ecosystem.config.js`. The name is what the runbooks say: pm2 itself would call it after the script.
module.exports = {
  apps: [
    {
      name: 'builder-api',
      script: 'dist/index.js',
      cwd: __dirname,
      exec_mode: 'cluster',
      instances: 'max',
      // A worker takes the place of another only once it has said that it serves, so that a reload drops nothing.
      wait_ready: true,
      listen_timeout: 10000,
      // Above SHUTDOWN_DELAY_MS under pm2 (1000), SHUTDOWN_TIMEOUT_MS (10000) and the hooks: pm2 kills after it.
      kill_timeout: 17000,
      // A configuration that cannot work does not get better by itself.
      stop_exit_codes: [78],
    },
  ],
};
