import type { FormEvent, ReactNode } from 'react'
import classes from './impression.module.css'

/** The bar's button outside of the panel submits the panel by this id. */
export const panelFormId = 'impression-panel'

export function PanelForm({ onSubmit, children }: { onSubmit: () => void; children: ReactNode }) {
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onSubmit()
  }
  return (
    <form id={panelFormId} className={classes.form} onSubmit={submit} noValidate>
      {children}
    </form>
  )
}
