export { createLoadShedder, type LoadShedder } from './load-shedder.js';
export { LOAD_SHEDDER_DEFAULTS, type LoadShedderOptions } from './options.js';
