import { serve } from './service.mjs';

await serve();
