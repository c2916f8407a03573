const { serve } = require('./service.cjs');

void serve();
