import { createRootRouteWithContext, Outlet } from '@tanstack/react-router'
import { Suspense } from 'react'
import type { RouterContext } from '@/router'
import { PageLoading } from '@/ui/page-loading'
import { RouteFocus } from '@/ui/route-focus'
import { SkipLink } from '@/ui/skip-link'

export const Route = createRootRouteWithContext<RouterContext>()({ component: Root })

function Root() {
  return (
    <>
      <SkipLink />
      <RouteFocus />
      <Suspense fallback={<PageLoading />}>
        <Outlet />
      </Suspense>
    </>
  )
}
