interface Track {
  onMove: (event: PointerEvent) => void
  /** `done` is false where the drag was broken off. */
  onEnd: (event: PointerEvent | null, done: boolean) => void
}

/** Follows one drag to its end, wherever the pointer goes, and scrolls the page near its upper and lower edge. */
export function trackPointer(pointerId: number, { onMove, onEnd }: Track) {
  let last: PointerEvent | null = null
  let frame = requestAnimationFrame(function scroll() {
    if (last) {
      const edge = 70
      const below = last.clientY - (window.innerHeight - edge)
      const above = edge - last.clientY
      const by = below > 0 ? Math.min(below / 4, 14) : above > 0 ? -Math.min(above / 4, 14) : 0
      if (by !== 0) {
        window.scrollBy(0, by)
        onMove(last)
      }
    }
    frame = requestAnimationFrame(scroll)
  })
  const move = (event: PointerEvent) => {
    if (event.pointerId !== pointerId) return
    last = event
    onMove(event)
  }
  const end = (event: PointerEvent, done: boolean) => {
    if (event.pointerId !== pointerId) return
    stop()
    onEnd(event, done)
  }
  const up = (event: PointerEvent) => end(event, true)
  const cancel = (event: PointerEvent) => end(event, false)
  const breakOff = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return
    event.stopPropagation()
    stop()
    onEnd(null, false)
  }
  function stop() {
    cancelAnimationFrame(frame)
    window.removeEventListener('pointermove', move)
    window.removeEventListener('pointerup', up)
    window.removeEventListener('pointercancel', cancel)
    window.removeEventListener('keydown', breakOff, true)
  }
  window.addEventListener('pointermove', move)
  window.addEventListener('pointerup', up)
  window.addEventListener('pointercancel', cancel)
  window.addEventListener('keydown', breakOff, true)
}
