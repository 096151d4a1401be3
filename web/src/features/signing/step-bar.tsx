import { lazy, type ReactNode, Suspense, useState } from 'react'
import { MoreButton } from './more-button'
import classes from './step-bar.module.css'

// The menu's positioning code is larger than the screen: it comes when the menu is asked for.
const StepMenu = lazy(async () => ({ default: (await import('./step-menu')).StepMenu }))

interface StepBarProps {
  /** A line above the buttons: what is left, which page. */
  note?: ReactNode
  /** Further entries of "More", above "Decline". */
  menu?: ReactNode
  /** The one primary act. */
  children: ReactNode
  wide?: boolean
}

/** Stays at the bottom of the screen: "More" with decline, and the next act. */
export function StepBar({ note, menu, children, wide = false }: StepBarProps) {
  const [asked, setAsked] = useState(false)
  return (
    <footer className={classes.bar}>
      <div className={wide ? classes.innerWide : classes.inner}>
        {note ? <div className={classes.note}>{note}</div> : null}
        <div className={classes.buttons}>
          {asked ? (
            <Suspense fallback={<MoreButton />}>
              <StepMenu>{menu}</StepMenu>
            </Suspense>
          ) : (
            <MoreButton aria-haspopup="menu" aria-expanded={false} onClick={() => setAsked(true)} />
          )}
          {children}
        </div>
      </div>
    </footer>
  )
}
