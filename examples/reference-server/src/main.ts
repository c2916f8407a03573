// Some runbooks start dist/main.js.
import './index.js';
