import { play } from './play.js';

play('beo-automation', {
  profile: 'beo',
  repository: 'https://github.com/beo/beo-automation.git',
  hasInstall: true,
});
