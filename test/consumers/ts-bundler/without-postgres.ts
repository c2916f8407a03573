import { serve } from './service';

void serve();
