export { drain, type Drained } from './drain.js';
export { createOpenAnswers, type OpenAnswers } from './open-answers.js';
export { trackServer, type TrackedServer } from './tracked-server.js';
