import { play } from './play.js';

play('ordo-todo', {
  profile: 'ordo',
  repository: 'https://github.com/your-org/ordo-todo.git',
  hasPm2: true,
  hasRedis: true,
  hasInstall: true,
});
