import { type MouseEvent, type ReactNode, type PointerEvent as ReactPointerEvent, useEffect, useState } from 'react'
import type { FieldType, Recipient } from '@/api/types'
import type { Point } from '@/pdf/geometry'
import classes from './editor.module.css'
import { fieldIcons } from './field-box'
import { defaultSize } from './field-model'
import { pageUnder } from './page-under'
import { trackPointer } from './track-pointer'
import type { FieldEditor } from './use-field-editor'

interface ToolOptions {
  editor: FieldEditor
  recipient: Recipient | undefined
  /** The page that is most in view. */
  page: number
}

interface Ghost {
  type: FieldType
  x: number
  y: number
  scale: number
}

/**
 * The three ways to place a field: drag the tool onto a page; choose the tool, then click the page;
 * or press it by keyboard, which puts the field in the middle of the page in view, ready for the arrow keys.
 */
export function useTool({ editor, recipient, page }: ToolOptions) {
  const [armed, setArmed] = useState<FieldType | null>(null)
  const [ghost, setGhost] = useState<Ghost | null>(null)
  const { pages, place } = editor

  useEffect(() => {
    if (!armed) return
    const letGo = (event: KeyboardEvent) => {
      if (event.key === 'Escape') setArmed(null)
    }
    window.addEventListener('keydown', letGo)
    return () => window.removeEventListener('keydown', letGo)
  }, [armed])

  const choose = (type: FieldType, event: MouseEvent) => {
    const byKeyboard = event.detail === 0
    if (!byKeyboard) {
      setArmed(armed === type ? null : type)
      return
    }
    const size = pages[page - 1]
    if (size && recipient) place(type, recipient, page, { x: size.width / 2, y: size.height / 2 })
  }

  const drag = (type: FieldType, event: ReactPointerEvent) => {
    if (event.button !== 0) return
    const start = { x: event.clientX, y: event.clientY }
    let moving = false
    trackPointer(event.pointerId, {
      onMove: (moved) => {
        moving ||= Math.hypot(moved.clientX - start.x, moved.clientY - start.y) > 6
        if (!moving) return
        const over = pageUnder(moved.clientX, moved.clientY, pages)
        setGhost({ type, x: moved.clientX, y: moved.clientY, scale: over?.scale ?? 1 })
      },
      onEnd: (ended, done) => {
        setGhost(null)
        if (!ended || !done || !moving || !recipient) return
        const over = pageUnder(ended.clientX, ended.clientY, pages)
        if (over) place(type, recipient, over.page, over.point)
      },
    })
  }

  const point = (onPage: number, at: Point) => {
    if (!armed || !recipient) return
    place(armed, recipient, onPage, at)
    setArmed(null)
  }

  return { armed, choose, drag, point, ghost: ghost ? <ToolGhost ghost={ghost} /> : (null as ReactNode) }
}

function ToolGhost({ ghost }: { ghost: Ghost }) {
  const Icon = fieldIcons[ghost.type]
  const { width, height } = defaultSize[ghost.type]
  return (
    <div
      aria-hidden="true"
      className={classes.ghost}
      data-round={ghost.type === 'seal' || undefined}
      style={{
        left: ghost.x - (width * ghost.scale) / 2,
        top: ghost.y - (height * ghost.scale) / 2,
        width: width * ghost.scale,
        height: height * ghost.scale,
      }}
    >
      <Icon size={20} aria-hidden />
    </div>
  )
}
