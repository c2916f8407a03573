import { play } from './play.js';

play('booky', {
  profile: 'booky',
  repository: 'https://github.com/booky/backend.git',
  folder: '/opt/booky',
  hasPm2: true,
});
