import { describeConfig, loadConfig } from 'express-runbook';

export const config = loadConfig({
  profile: { PORT: 4000, DB_NAME: 'orders' }, // defaults of this service; the environment wins
});

export const shown = describeConfig(config); // for people: secrets are ***
