import { Button, Modal } from '@mantine/core'
import { IconArrowBackUp, IconEraser } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImpressionInput } from '@/api/types'
import { ProblemAlert } from '@/ui/problem-alert'
import classes from './impression.module.css'
import { usePad } from './use-pad'

interface PadDialogProps {
  opened: boolean
  close: () => void
  use: (drawn: ImpressionInput) => void
  pending: boolean
  error: unknown
}

/** The pad over the whole screen; on a phone held sideways the buttons move to the side. */
export function PadDialog({ opened, close, use, pending, error }: PadDialogProps) {
  const { t } = useTranslation('signing')
  return (
    <Modal.Root opened={opened} onClose={close} fullScreen padding={0} transitionProps={{ duration: 0 }}>
      <Modal.Content className={classes.padContent} aria-label={t('impression.pad_title')}>
        <Modal.Body className={classes.padBody}>
          <Pad close={close} use={use} pending={pending} error={error} />
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

function Pad({ close, use, pending, error }: Omit<PadDialogProps, 'opened'>) {
  const { t } = useTranslation(['signing', 'problem'])
  const canvas = useRef<HTMLCanvasElement>(null)
  const pad = usePad(canvas)
  const [empty, setEmpty] = useState(false)

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'z' && (event.ctrlKey || event.metaKey)) pad.undo()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  })

  const finish = () => {
    const drawn = pad.take()
    setEmpty(drawn === null)
    if (drawn) use(drawn)
  }

  return (
    <div className={classes.pad}>
      <div className={classes.padHead}>
        <Button variant="default" onClick={close}>
          {t('actions.cancel')}
        </Button>
        <p className={classes.padHint}>{t('impression.pad_hint')}</p>
      </div>
      <div className={classes.padPaper}>
        <canvas ref={canvas} className={classes.padCanvas} role="img" aria-label={t('impression.pad_label')} />
        {pad.strokes === 0 ? (
          <span className={classes.padPrompt} aria-hidden="true">
            {t('impression.pad_title')}
          </span>
        ) : null}
        <div className={classes.padLine} aria-hidden="true" />
      </div>
      <div className={classes.padTools}>
        {empty ? <p className={classes.padEmpty}>{t('problem:impression_empty')}</p> : null}
        <ProblemAlert error={error} takeFocus />
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={18} aria-hidden />}
          onClick={pad.undo}
          disabled={pad.strokes === 0}
        >
          {t('impression.undo')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconEraser size={18} aria-hidden />}
          onClick={pad.clear}
          disabled={pad.strokes === 0}
        >
          {t('impression.clear')}
        </Button>
        <Button className={classes.padUse} onClick={finish} loading={pending}>
          {t('impression.use_signature')}
        </Button>
      </div>
      <p role="status" className="visually-hidden">
        {t('impression.strokes', { count: pad.strokes })}
      </p>
    </div>
  )
}
