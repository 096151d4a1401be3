import { useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

/** After a change of page: focus goes to the new main part, and its title is read out. */
export function RouteFocus() {
  const path = useRouterState({ select: (state) => state.resolvedLocation?.pathname })
  const [announced, setAnnounced] = useState('')
  const first = useRef(true)

  useEffect(() => {
    if (path === undefined) return
    if (first.current) {
      first.current = false
      return
    }
    const frame = requestAnimationFrame(() => {
      const active = document.activeElement
      const main = document.getElementById('main')
      if (!active || active === document.body || !main?.contains(active)) main?.focus({ preventScroll: true })
      setAnnounced(document.title)
    })
    return () => cancelAnimationFrame(frame)
  }, [path])

  return (
    <div aria-live="polite" className="visually-hidden">
      {announced}
    </div>
  )
}
