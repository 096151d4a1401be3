import { describe, expect, it } from 'vitest'
import type { EditorField } from './field-model'
import { type FieldAction, fieldReducer, startState } from './field-state'

const field: EditorField = {
  key: 'a',
  id: 'fld_1',
  recipientId: 'rcp_1',
  documentId: 'doc_1',
  type: 'signature',
  page: 1,
  x: 10,
  y: 10,
  width: 100,
  height: 40,
  required: true,
  label: '',
}

const having = (...actions: FieldAction[]) => actions.reduce(fieldReducer, startState([field]))

describe('the fields of a document', () => {
  it('undo and redo a removal', () => {
    const removed = having({ do: 'remove', key: 'a' })
    expect(removed.fields).toEqual([])
    const undone = fieldReducer(removed, { do: 'undo' })
    expect(undone.fields).toEqual([field])
    expect(fieldReducer(undone, { do: 'redo' }).fields).toEqual([])
  })

  it('undo a whole gesture at once', () => {
    const moved = having(
      { do: 'change', key: 'a', patch: { x: 11 }, gesture: 'keys' },
      { do: 'change', key: 'a', patch: { x: 12 }, gesture: 'keys' },
      { do: 'change', key: 'a', patch: { x: 13 }, gesture: 'keys' },
    )
    expect(moved.fields[0]?.x).toBe(13)
    expect(fieldReducer(moved, { do: 'undo' }).fields[0]?.x).toBe(10)
  })

  it('forget what was undone once something else is done', () => {
    const state = having({ do: 'remove', key: 'a' }, { do: 'undo' }, { do: 'change', key: 'a', patch: { y: 50 } })
    expect(fieldReducer(state, { do: 'redo' })).toBe(state)
  })

  it('give a copy no id of its own, and select it', () => {
    const state = having({ do: 'duplicate', key: 'a', as: 'b', page: { width: 595, height: 842 } })
    expect(state.selected).toBe('b')
    expect(state.fields[1]).toMatchObject({ key: 'b', x: 24, y: 24 })
    expect(state.fields[1]?.id).toBeUndefined()
  })

  it('take the ids that the server gives, in what can be undone too', () => {
    const copied = having({ do: 'duplicate', key: 'a', as: 'b', page: { width: 595, height: 842 } })
    const moved = fieldReducer(copied, { do: 'change', key: 'b', patch: { x: 99 } })
    const named = fieldReducer(moved, { do: 'identify', ids: new Map([['b', 'fld_2']]) })
    expect(fieldReducer(named, { do: 'undo' }).fields[1]).toMatchObject({ id: 'fld_2', x: 24 })
  })
})
