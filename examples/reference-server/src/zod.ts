import { extendZodWithOpenApi } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';

// Adds .openapi() to schemas; every file takes z from here, so that it has happened.
extendZodWithOpenApi(z);

export { z };
