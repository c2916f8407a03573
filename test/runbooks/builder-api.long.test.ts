import { play } from './play.js';

play('builder-api', {
  profile: 'builder',
  repository: 'https://github.com/bobthebuilder/builder-api.git',
  hasPm2: true,
  hasInstall: true,
});
