import { serve } from './service.js';

await serve();
