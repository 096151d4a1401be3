import { Button } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { HeldKey } from '@/api/types'
import { Dialog, DialogActs } from '@/ui/dialog'
import { ProblemAlert } from '@/ui/problem-alert'

interface GiveUpKeyProps {
  /** The key in question; none while nothing is asked. */
  held: HeldKey | null
  close: () => void
  act: UseMutationResult<unknown, unknown, string>
}

/** Before a key is given up: what that means. */
export function GiveUpKey({ held, close, act }: GiveUpKeyProps) {
  const { t } = useTranslation('signing')
  return (
    <Dialog opened={held !== null} close={close} title={t('my_keys.give_up_title')}>
      <p style={{ marginTop: 0 }}>{t('my_keys.give_up_text')}</p>
      <ProblemAlert error={act.error} takeFocus />
      <DialogActs>
        <Button variant="default" onClick={close}>
          {t('my_keys.keep')}
        </Button>
        <Button loading={act.isPending} onClick={() => held && act.mutate(held.id)}>
          {t('my_keys.give_up')}
        </Button>
      </DialogActs>
    </Dialog>
  )
}
