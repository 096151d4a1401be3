import { keepInside, roundBox, type Size } from '@/pdf/geometry'
import type { EditorField } from './field-model'

/** The fields, which one is selected, and what can be undone. */
export interface FieldState {
  fields: EditorField[]
  selected: string | null
  past: EditorField[][]
  future: EditorField[][]
  /** Changes of one gesture (a drag, a run of key presses) are undone together. */
  gesture: string | null
}

export type FieldAction =
  | { do: 'place'; field: EditorField }
  | { do: 'change'; key: string; patch: Partial<EditorField>; gesture?: string }
  | { do: 'remove'; key: string }
  | { do: 'duplicate'; key: string; as: string; page: Size }
  | { do: 'select'; key: string | null }
  | { do: 'undo' }
  | { do: 'redo' }
  | { do: 'identify'; ids: ReadonlyMap<string, string> }

const mostUndone = 100

export function startState(fields: EditorField[]): FieldState {
  return { fields, selected: null, past: [], future: [], gesture: null }
}

export function fieldReducer(state: FieldState, action: FieldAction): FieldState {
  switch (action.do) {
    case 'place':
      return { ...changed(state, [...state.fields, action.field]), selected: action.field.key }
    case 'change':
      return changed(
        state,
        state.fields.map((field) => (field.key === action.key ? { ...field, ...action.patch } : field)),
        action.gesture && `${action.key}:${action.gesture}`,
      )
    case 'remove':
      return {
        ...changed(
          state,
          state.fields.filter((field) => field.key !== action.key),
        ),
        selected: null,
      }
    case 'duplicate': {
      const original = state.fields.find((field) => field.key === action.key)
      if (!original) return state
      const box = roundBox(keepInside({ ...original, x: original.x + 14, y: original.y + 14 }, action.page))
      const copy = { ...original, ...box, key: action.as, id: undefined }
      return { ...changed(state, [...state.fields, copy]), selected: copy.key }
    }
    case 'select':
      return state.selected === action.key ? state : { ...state, selected: action.key, gesture: null }
    case 'undo':
      return stepBack(state)
    case 'redo':
      return stepForward(state)
    case 'identify': {
      const name = (field: EditorField) => ({ ...field, id: action.ids.get(field.key) ?? field.id })
      return {
        ...state,
        fields: state.fields.map(name),
        past: state.past.map((fields) => fields.map(name)),
        future: state.future.map((fields) => fields.map(name)),
      }
    }
  }
}

function changed(state: FieldState, fields: EditorField[], gesture: string | null = null): FieldState {
  const goesOn = gesture !== null && gesture === state.gesture
  return {
    ...state,
    fields,
    gesture,
    past: goesOn ? state.past : [...state.past, state.fields].slice(-mostUndone),
    future: [],
  }
}

function stepBack(state: FieldState): FieldState {
  const fields = state.past.at(-1)
  if (!fields) return state
  return selectedIn({
    ...state,
    fields,
    past: state.past.slice(0, -1),
    future: [...state.future, state.fields],
    gesture: null,
  })
}

function stepForward(state: FieldState): FieldState {
  const fields = state.future.at(-1)
  if (!fields) return state
  return selectedIn({
    ...state,
    fields,
    past: [...state.past, state.fields],
    future: state.future.slice(0, -1),
    gesture: null,
  })
}

function selectedIn(state: FieldState): FieldState {
  return state.fields.some((field) => field.key === state.selected) ? state : { ...state, selected: null }
}
