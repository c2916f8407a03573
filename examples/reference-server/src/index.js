// Some runbooks start src/index.js; the server itself is built into dist.
require('../dist/index.js');
