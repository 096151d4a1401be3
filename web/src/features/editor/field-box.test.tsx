import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useReducer } from 'react'
import { describe, expect, it } from 'vitest'
import type { Recipient } from '@/api/types'
import { FieldBox } from './field-box'
import type { EditorField } from './field-model'
import { fieldReducer, startState } from './field-state'
import { recipientColour } from './recipient-colours'

const view = { number: 1, width: 595, height: 842, scale: 1 }
const recipient = { id: 'rcp_1', kind: 'person', name: '陈大文', organization: null } as Recipient
const start: EditorField = {
  key: 'a',
  recipientId: 'rcp_1',
  documentId: 'doc_1',
  type: 'signature',
  page: 1,
  x: 100,
  y: 100,
  width: 150,
  height: 54,
  required: true,
  label: '',
}

let latest: ReturnType<typeof startState>

function Bench({ field }: { field: EditorField }) {
  const [state, dispatch] = useReducer(fieldReducer, startState([field]))
  latest = state
  return state.fields.map((shown) => (
    <FieldBox
      key={shown.key}
      field={shown}
      recipient={recipient}
      colour={recipientColour(0)}
      view={view}
      pages={3}
      selected={state.selected === shown.key}
      onSelect={() => dispatch({ do: 'select', key: shown.key })}
      onGrab={() => {}}
      onCommand={(command) => {
        if (command.do === 'box') dispatch({ do: 'change', key: shown.key, patch: command.box })
        if (command.do === 'page') dispatch({ do: 'change', key: shown.key, patch: { page: command.page } })
        if (command.do === 'remove') dispatch({ do: 'remove', key: shown.key })
        if (command.do === 'duplicate') dispatch({ do: 'duplicate', key: shown.key, as: 'b', page: view })
        if (command.do === 'deselect') dispatch({ do: 'select', key: null })
      }}
    />
  ))
}

async function pressing(keys: string, field = start) {
  const user = userEvent.setup()
  render(<Bench field={field} />)
  await user.tab()
  if (keys) await user.keyboard(keys)
  return latest
}

describe('a field under the keyboard', () => {
  it('has a name that says what, whose and where, and is selected by focus', async () => {
    const state = await pressing('')
    expect(screen.getByRole('button', { name: 'Signature of 陈大文, page 1' })).toBe(document.activeElement)
    expect(state.selected).toBe('a')
  })

  it('moves by a point, with Shift by ten', async () => {
    const state = await pressing('{ArrowRight}{ArrowDown}{Shift>}{ArrowRight}{ArrowUp}{/Shift}')
    expect(state.fields[0]).toMatchObject({ x: 111, y: 91, width: 150, height: 54 })
  })

  it('is resized with Alt', async () => {
    const state = await pressing('{Alt>}{ArrowRight}{ArrowUp}{Shift>}{ArrowRight}{/Shift}{/Alt}')
    expect(state.fields[0]).toMatchObject({ x: 100, y: 100, width: 161, height: 53 })
  })

  it('stops at the edge of the page', async () => {
    const state = await pressing('{Shift>}{ArrowLeft}{/Shift}', { ...start, x: 4 })
    expect(state.fields[0]?.x).toBe(0)
  })

  it('goes to another page and no further than the last', async () => {
    expect((await pressing('{PageDown}')).fields[0]?.page).toBe(2)
  })

  it('stays where it is at the first page', async () => {
    expect((await pressing('{PageUp}')).fields[0]?.page).toBe(1)
  })

  it('is duplicated and removed', async () => {
    expect((await pressing('{Control>}d{/Control}')).fields).toHaveLength(2)
  })

  it('is removed with Delete', async () => {
    expect((await pressing('{Delete}')).fields).toHaveLength(0)
  })

  it('is let go with Escape', async () => {
    expect((await pressing('{Escape}')).selected).toBeNull()
  })
})
