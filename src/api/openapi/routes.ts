import { look, type Route } from '../route.ts'
import { describeApi, type OpenApi, openApiReply } from './document.ts'

/** The document that tells of all routes. @param routes  asked for once they are all there */
export function openApiRoutes(routes: () => readonly Route[]): readonly Route[] {
  let document: OpenApi | undefined
  return [
    look(
      { method: 'GET', path: '/openapi.json', summary: 'This document (OpenAPI 3.1)', scope: 'none' },
      { reply: openApiReply },
      async () => {
        document ??= describeApi(routes())
        return { body: document }
      },
    ),
  ]
}
