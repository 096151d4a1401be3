import type { MouseEvent, PointerEvent as ReactPointerEvent } from 'react'
import type { Recipient } from '@/api/types'
import { type Point, pointFromPixels } from '@/pdf/geometry'
import type { PdfPageView } from '@/pdf/pdf-view'
import classes from './editor.module.css'
import { FieldBox } from './field-box'
import { type Corner, dragCorner, type EditorField } from './field-model'
import { pageUnder } from './page-under'
import { recipientColour } from './recipient-colours'
import { trackPointer } from './track-pointer'
import type { FieldEditor } from './use-field-editor'

interface FieldLayerProps {
  editor: FieldEditor
  recipients: readonly Recipient[]
  view: PdfPageView
  /** A click on the page puts a field there. */
  armed: boolean
  onPoint: (page: number, point: Point) => void
}

/** The fields of one page, over its picture. */
export function FieldLayer({ editor, recipients, view, armed, onPoint }: FieldLayerProps) {
  const { state, dispatch, setBox, obey, pages } = editor

  const point = (event: MouseEvent<HTMLElement>) => {
    const rect = event.currentTarget.getBoundingClientRect()
    onPoint(view.number, pointFromPixels({ x: event.clientX - rect.left, y: event.clientY - rect.top }, view.scale))
  }

  const grab = (event: ReactPointerEvent, field: EditorField, corner: Corner | null) => {
    if (event.button !== 0) return
    dispatch({ do: 'select', key: field.key })
    const start = pageUnder(event.clientX, event.clientY, pages)
    if (!start) return
    if (corner) event.preventDefault()
    const gesture = `drag-${event.timeStamp}`
    const grip = { x: start.point.x - field.x, y: start.point.y - field.y }
    const origin = { x: event.clientX, y: event.clientY }
    let moving = corner !== null
    const at = field.page
    let latest = field
    trackPointer(event.pointerId, {
      onMove: (moved) => {
        moving ||= Math.hypot(moved.clientX - origin.x, moved.clientY - origin.y) > 3
        if (!moving) return
        if (corner) {
          const dx = (moved.clientX - origin.x) / start.scale
          const dy = (moved.clientY - origin.y) / start.scale
          setBox(field, dragCorner(field, corner, dx, dy, field.type, view), at, gesture)
          return
        }
        const over = pageUnder(moved.clientX, moved.clientY, pages)
        if (!over) return
        latest = { ...latest, page: over.page, x: over.point.x - grip.x, y: over.point.y - grip.y }
        setBox(field, latest, over.page, gesture)
      },
      onEnd: (_, done) => {
        if (!done && moving) setBox(field, field, at, gesture)
      },
    })
  }

  return (
    <>
      {armed ? (
        // The keyboard's way is the tool button itself, which places in the middle of the page.
        // biome-ignore lint/a11y/noStaticElementInteractions: see above
        // biome-ignore lint/a11y/useKeyWithClickEvents: see above
        <div className={classes.target} onClick={point} />
      ) : null}
      <div className={classes.layer}>
        {state.fields
          .filter((field) => field.page === view.number)
          .map((field) => {
            const place = recipients.findIndex((recipient) => recipient.id === field.recipientId)
            const recipient = recipients[place]
            if (!recipient) return null
            return (
              <FieldBox
                key={field.key}
                field={field}
                recipient={recipient}
                colour={recipientColour(place)}
                view={view}
                pages={pages.length}
                selected={state.selected === field.key}
                onSelect={() => dispatch({ do: 'select', key: field.key })}
                onCommand={(command) => obey(field, command)}
                onGrab={(event, corner) => grab(event, field, corner)}
              />
            )
          })}
      </div>
    </>
  )
}
