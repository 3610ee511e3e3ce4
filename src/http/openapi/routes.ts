import { Router } from 'express';
import { openApiDocument } from './document.js';

/** `GET /api/openapi.json`. It holds no secret, so that tools can fetch it without a login. */
export function openApiRoutes(version: string): Router {
  let text: string | undefined;
  const router = Router();
  router.get('/api/openapi.json', (_request, response) => {
    // Made when it is first asked for: it takes some 50 ms that the start does not need.
    text ??= JSON.stringify(openApiDocument(version));
    response.set('Cache-Control', 'no-cache').type('application/json').send(text);
  });
  return router;
}
