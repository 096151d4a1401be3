import type { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { routeTree } from '@/routeTree.gen'
import { NotFound } from '@/ui/not-found'
import { PageLoading } from '@/ui/page-loading'
import { RouteError } from '@/ui/route-error'

export interface RouterContext {
  queryClient: QueryClient
}

export function createAppRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: 'intent',
    defaultPreloadStaleTime: 0,
    defaultPendingMs: 200,
    scrollRestoration: true,
    defaultPendingComponent: PageLoading,
    defaultNotFoundComponent: NotFound,
    defaultErrorComponent: RouteError,
  })
}
