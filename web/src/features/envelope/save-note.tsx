import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCloudCheck, IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { problemText, toProblem } from '@/api/problem'
import { useFormat } from '@/i18n/format'
import { LinkButton } from '@/ui/link-button'
import classes from './step-frame.module.css'
import type { SaveState } from './use-autosave'

interface SaveNoteProps {
  state: SaveState
  /** Why the newest change waits. */
  waiting?: string
  onRetry: () => void
}

/** Always visible: whether what was written is kept. */
export function SaveNote({ state, waiting, onRetry }: SaveNoteProps) {
  const { t } = useTranslation('envelope')
  const { t: common } = useTranslation()
  const format = useFormat()
  return (
    <div className={classes.note} role="status">
      {state.kind === 'saved' ? (
        <>
          <IconCloudCheck size={18} aria-hidden className={classes.kept} /> {t('save.saved')}
        </>
      ) : null}
      {state.kind === 'saving' || (state.kind === 'pending' && !waiting) ? t('save.saving') : null}
      {state.kind === 'pending' && waiting ? (
        <>
          <IconPencil size={18} aria-hidden /> {waiting}
        </>
      ) : null}
      {state.kind === 'failed' ? (
        <>
          <IconAlertTriangle size={18} aria-hidden className={classes.failed} />
          <span>
            <strong>{t('save.failed')}</strong> {problemText(toProblem(state.error), format)}
          </span>
          {toProblem(state.error).code === 'unauthenticated' ? (
            // In another tab, so that what is written here stays.
            <LinkButton to="/login" target="_blank" variant="default" size="sm">
              {common('nav.login')}
            </LinkButton>
          ) : null}
          <Button variant="default" size="sm" onClick={onRetry}>
            {common('again')}
          </Button>
        </>
      ) : null}
    </div>
  )
}
