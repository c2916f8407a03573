import { play } from './play.js';

play('codebook', {
  profile: 'codebook',
  repository: 'https://github.com/codebook/codebook-backend.git',
  hasStandIns: true,
});
