import { type PointerEvent as ReactPointerEvent, useRef, useState } from 'react'

/** Reordering by dragging a grip. The buttons on each card do the same without a pointer. */
export function useReorder(count: number, move: (from: number, to: number) => void) {
  const list = useRef<HTMLOListElement>(null)
  const [dragged, setDragged] = useState<number | null>(null)
  const latest = useRef(move)
  latest.current = move

  const grip = (event: ReactPointerEvent, start: number) => {
    if (event.button !== 0 || count < 2) return
    event.preventDefault()
    let place = start
    setDragged(place)
    const onMove = (moving: PointerEvent) => {
      const target = placeAt(list.current, moving.clientY, place)
      if (target === place) return
      latest.current(place, target)
      place = target
      setDragged(place)
    }
    const onEnd = () => {
      window.removeEventListener('pointermove', onMove)
      window.removeEventListener('pointerup', onEnd)
      window.removeEventListener('pointercancel', onEnd)
      setDragged(null)
    }
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', onEnd)
    window.addEventListener('pointercancel', onEnd)
  }
  return { list, grip, dragged }
}

/** The place whose card's middle the pointer has passed. */
function placeAt(list: HTMLElement | null, y: number, current: number): number {
  const cards = [...(list?.children ?? [])]
  let place = current
  cards.forEach((card, index) => {
    const box = card.getBoundingClientRect()
    const middle = box.top + box.height / 2
    if (index < current && y < middle && index < place) place = index
    if (index > current && y > middle) place = index
  })
  return place
}
