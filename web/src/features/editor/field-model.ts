import type { Field, FieldInput, FieldType, RecipientKind } from '@/api/types'
import { type Box, clamp, keepInside, type Point, roundBox, type Size, toPoints } from '@/pdf/geometry'

/** A field while it is being placed: `key` lives as long as the box, `id` comes from the server. */
export interface EditorField extends Box {
  key: string
  id?: string
  recipientId: string
  documentId: string
  type: FieldType
  page: number
  required: boolean
  label: string
}

/** A round company seal is 40 mm across; a field of that size shows it at its true size. */
const sealSide = toPoints(40)

export const defaultSize: Record<FieldType, Size> = {
  signature: { width: 150, height: 54 },
  seal: { width: sealSide, height: sealSide },
  date: { width: 110, height: 24 },
  text: { width: 170, height: 24 },
}

const leastSide: Record<FieldType, number> = { signature: 20, seal: toPoints(10), date: 12, text: 12 }

/** What a recipient of this kind puts their name with. */
export function impressionOf(kind: RecipientKind): FieldType {
  return kind === 'organization' ? 'seal' : 'signature'
}

/** What they may put their name with: an organization seals, or its agent signs. */
export function impressionsOf(kind: RecipientKind): FieldType[] {
  return kind === 'organization' ? ['seal', 'signature'] : ['signature']
}

export const isImpression = (type: FieldType) => type === 'signature' || type === 'seal'

/** The box of a new field with its middle at a point, on the page. */
export function boxAround(point: Point, type: FieldType, page: Size): Box {
  const { width, height } = fitting(defaultSize[type], page)
  return roundBox(keepInside({ x: point.x - width / 2, y: point.y - height / 2, width, height }, page))
}

export function moveBox(box: Box, dx: number, dy: number, page: Size): Box {
  return roundBox(keepInside({ ...box, x: box.x + dx, y: box.y + dy }, page))
}

/** A new size from the top left corner; a seal keeps its proportions. Stays on the page. */
export function resizeBox(box: Box, size: Size, type: FieldType, page: Size): Box {
  const least = leastSide[type]
  if (type === 'seal') {
    const wanted = Math.abs(size.width - box.width) >= Math.abs(size.height - box.height) ? size.width : size.height
    const side = clamp(wanted, least, Math.min(page.width - box.x, page.height - box.y))
    return roundBox({ ...box, width: side, height: side })
  }
  return roundBox({
    ...box,
    width: clamp(size.width, least, page.width - box.x),
    height: clamp(size.height, least, page.height - box.y),
  })
}

export type Corner = 'nw' | 'ne' | 'sw' | 'se'

/** The box after one corner was dragged by a distance; the corner across stays where it is. */
export function dragCorner(box: Box, corner: Corner, dx: number, dy: number, type: FieldType, page: Size): Box {
  const west = corner === 'nw' || corner === 'sw'
  const north = corner === 'nw' || corner === 'ne'
  const least = leastSide[type]
  const right = box.x + box.width
  const bottom = box.y + box.height
  let width = clamp(box.width + (west ? -dx : dx), least, west ? right : page.width - box.x)
  let height = clamp(box.height + (north ? -dy : dy), least, north ? bottom : page.height - box.y)
  if (type === 'seal') {
    const side = Math.min(
      Math.max(width, height),
      west ? right : page.width - box.x,
      north ? bottom : page.height - box.y,
    )
    width = side
    height = side
  }
  return roundBox({ width, height, x: west ? right - width : box.x, y: north ? bottom - height : box.y })
}

export function toEditorField(field: Field): EditorField {
  return {
    key: field.id,
    id: field.id,
    recipientId: field.recipient_id,
    documentId: field.document_id,
    type: field.type,
    page: field.page,
    x: field.x,
    y: field.y,
    width: field.width,
    height: field.height,
    required: field.required,
    label: field.label,
  }
}

export function toFieldInput(field: EditorField): FieldInput {
  const input: FieldInput = {
    recipient_id: field.recipientId,
    document_id: field.documentId,
    type: field.type,
    page: field.page,
    x: field.x,
    y: field.y,
    width: field.width,
    height: field.height,
    required: isImpression(field.type) || field.required,
    label: field.label.trim(),
  }
  if (field.id) input.id = field.id
  return input
}

function fitting(size: Size, page: Size): Size {
  const shrink = Math.min(1, page.width / size.width, page.height / size.height)
  return { width: size.width * shrink, height: size.height * shrink }
}
