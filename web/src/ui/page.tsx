import { type ReactNode, useEffect } from 'react'
import classes from './page.module.css'

interface PageProps {
  title: string
  /** Above the title: where one is. */
  above?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  width?: 'narrow' | 'medium' | 'wide'
  /** The title is read out and set as the document's, and the page shows its own heading. */
  hideTitle?: boolean
  children: ReactNode
}

/** The main part of a page: one `<main>`, one `<h1>`, and the document's title. */
export function Page({ title, above, lead, actions, width = 'medium', hideTitle = false, children }: PageProps) {
  useDocumentTitle(title)
  return (
    <main id="main" tabIndex={-1} className={`${classes.main} ${classes[width]}`}>
      {hideTitle ? null : (
        <div className={classes.head}>
          <div className={classes.headText}>
            {above ? <div className={classes.above}>{above}</div> : null}
            <h1 className={classes.title}>{unbroken(title)}</h1>
            {lead ? <p className={classes.lead}>{lead}</p> : null}
          </div>
          {actions ? <div className={classes.actions}>{actions}</div> : null}
        </div>
      )}
      {children}
    </main>
  )
}

/** Numbers such as 2026-118 stay on one line: a hyphen between digits is no place to break. */
function unbroken(title: string): ReactNode {
  return title.split(/(\d+(?:-\d+)+)/).map((part, place) =>
    place % 2 === 1 ? (
      <span key={part} className={classes.number}>
        {part}
      </span>
    ) : (
      part
    ),
  )
}

export function useDocumentTitle(title: string) {
  useEffect(() => {
    document.title = title ? `${title} · Vermilion` : 'Vermilion'
  }, [title])
}
